"""The money limit of a whole run, or of one attempt."""

from collections import Counter

from routelab.errors import BudgetError


class MoneyLimit:
    """Adds up what calls cost and refuses further calls at the limit.

    `max_usd` None means no limit. A call is refused once the sum has reached the limit, so a run
    spends at most the limit plus the calls that were in flight. Under a limit, a call that ended
    well without telling its cost stops the run too: what cannot be counted cannot be bounded. A
    call that was cut off could not tell; it counts with `estimated_usd`. `spent_usd` at the start is
    what an interrupted run has spent before, its own estimates included.
    """

    def __init__(self, max_usd: float | None, *, spent_usd: float = 0.0) -> None:
        self.max_usd = max_usd
        self.spent_usd = spent_usd
        self._uncounted: str | None = None
        self._dearest: dict[str, float] = {}
        self._cut: Counter[str] = Counter()

    @property
    def estimated_usd(self) -> float:
        """What the calls that were cut off may have cost: each as much as the dearest of its model.

        The dearest is the highest cost told, or what the list price asks for the longest prompt
        that was cut off, if that is more. Of a model without either, the dearest call of any model
        stands in; where there is none, nothing: only a price bounds a run that is never answered.
        """
        return sum(calls * self._dearest_of(model) for model, calls in self._cut.items())

    @property
    def reached(self) -> bool:
        """Whether the sum has reached the limit."""
        return self.max_usd is not None and self.spent_usd + self.estimated_usd >= self.max_usd

    def check(self) -> None:
        """Raise BudgetError when no further call may be made."""
        if self.max_usd is None:
            return
        if self._uncounted is not None:
            raise BudgetError(
                f"the endpoint reports no cost for {self._uncounted} and there is no price for it, "
                f"so the money limit cannot hold; add [prices.{self._uncounted!r}] or lift max_cost_usd"
            )
        if self.reached:
            estimated = f", ${self.estimated_usd:.4f} estimated for calls that were cut off" if self._cut else ""
            raise BudgetError(
                f"the money limit of ${self.max_usd:g} is reached (${self.spent_usd:.4f} spent{estimated}); "
                "raise limits.max_cost_usd and resume the run"
            )

    def add(self, model: str, cost_usd: float | None) -> None:
        """Count a call of `model`; None is an unknown cost."""
        if cost_usd is None:
            self._uncounted = model
        else:
            self.spent_usd += cost_usd
            self._dearest[model] = max(cost_usd, self._dearest.get(model, 0.0))

    def add_cut(self, model: str, prompt_usd: float | None) -> float:
        """Count a call of `model` that was cut off before it could tell its cost; what it is estimated at.

        `prompt_usd` is what its prompt costs by the price list; None: there is no price.
        """
        self._cut[model] += 1
        if prompt_usd is not None:
            self._dearest[model] = max(prompt_usd, self._dearest.get(model, 0.0))
        return self._dearest_of(model)

    def _dearest_of(self, model: str) -> float:
        known = self._dearest.get(model)
        return max(self._dearest.values(), default=0.0) if known is None else known
