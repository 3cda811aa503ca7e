"""How shadow routers compare with what was decided, from a decision log."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from msgspec import Struct

from routelab.decision_log import LoggedShadow
from routelab.stats import wilson


class ShadowFigures(Struct, frozen=True, kw_only=True):
    """One shadow router on one route; `route` None: on all of them.

    Numbers of questions stand for the traffic: rows by their weight, so they are estimates where the
    log holds a sample. `asked` are those that were answered or failed; `skipped` and `failed` are by
    reason. `agreement` is the share of equal picks where both picked, with its 95 % Wilson interval.
    A conversation counts once, with its own share, since its requests are not independent of each
    other; there are `conversations` of them. `cost_difference_usd` is the mean cost of the shadow's
    pick less that of ours, over the `costs_known` questions where the table that was live has both.
    None: there is none to tell it from.
    """

    router: str
    route: str | None
    asked: float
    answered: float
    skipped: dict[str, float]
    failed: dict[str, float]
    conversations: int
    agreement: float | None
    agreement_low: float | None
    agreement_high: float | None
    costs_known: float
    cost_difference_usd: float | None


def shadow_report(rows: Iterable[LoggedShadow]) -> list[ShadowFigures]:
    """The figures of each router: on all routes together, then route by route."""
    tallies: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
    for row in rows:
        tallies[row.router, ""].add(row)
        if row.route is not None:
            tallies[row.router, row.route].add(row)
    return [tally.figures(router, route or None) for (router, route), tally in sorted(tallies.items())]


class _Tally:
    """Sums over the rows of one router and route."""

    def __init__(self) -> None:
        self._answered = 0.0
        self._reasons: dict[str, defaultdict[str, float]] = {
            "skipped": defaultdict(float),
            "failed": defaultdict(float),
        }
        self._compared: Counter[str] = Counter()
        self._same: Counter[str] = Counter()
        self._costs_known = 0.0
        self._difference_usd = 0.0

    def add(self, row: LoggedShadow) -> None:
        if row.outcome == "answered":
            self._answered += row.weight
        else:
            self._reasons[row.outcome][row.reason or "unknown"] += row.weight
        if row.agrees is not None:
            conversation = row.conversation_hash or row.decision_id
            self._compared[conversation] += 1
            self._same[conversation] += row.agrees
        if row.our_avg_cost_usd is not None and row.shadow_avg_cost_usd is not None:
            self._costs_known += row.weight
            self._difference_usd += row.weight * (row.shadow_avg_cost_usd - row.our_avg_cost_usd)

    def figures(self, router: str, route: str | None) -> ShadowFigures:
        conversations = len(self._compared)
        agreeing = sum(self._same[conversation] / count for conversation, count in self._compared.items())
        low, high = wilson(agreeing, conversations)
        failed = dict(self._reasons["failed"])
        return ShadowFigures(
            router=router,
            route=route,
            asked=self._answered + sum(failed.values()),
            answered=self._answered,
            skipped=dict(self._reasons["skipped"]),
            failed=failed,
            conversations=conversations,
            agreement=agreeing / conversations if conversations else None,
            agreement_low=low,
            agreement_high=high,
            costs_known=self._costs_known,
            cost_difference_usd=self._difference_usd / self._costs_known if self._costs_known else None,
        )
