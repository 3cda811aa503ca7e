"""The money limit of a whole run."""

from routelab.errors import BudgetError


class MoneyLimit:
    """Adds up what calls cost and refuses further calls at the limit.

    `max_usd` None means no limit. A call is refused once the sum has reached the limit, so a run
    spends at most the limit plus the calls that were in flight. Under a limit, a call of unknown
    cost stops the run too: what cannot be counted cannot be bounded.
    """

    def __init__(self, max_usd: float | None, *, spent_usd: float = 0.0) -> None:
        self.max_usd = max_usd
        self.spent_usd = spent_usd
        self._uncounted: str | None = None

    def check(self) -> None:
        """Raise BudgetError when no further call may be made."""
        if self.max_usd is None:
            return
        if self._uncounted is not None:
            raise BudgetError(
                f"the endpoint reports no cost for {self._uncounted} and there is no price for it, "
                f"so the money limit cannot hold; add [prices.{self._uncounted!r}] or lift max_cost_usd"
            )
        if self.spent_usd >= self.max_usd:
            raise BudgetError(
                f"the money limit of ${self.max_usd:g} is reached (${self.spent_usd:.4f} spent); "
                "raise limits.max_cost_usd and resume the run"
            )

    def add(self, model: str, cost_usd: float | None) -> None:
        """Count a call of `model`; None is an unknown cost."""
        if cost_usd is None:
            self._uncounted = model
        else:
            self.spent_usd += cost_usd
