"""What the page shows, before it has a form."""

from datetime import datetime

from msgspec import Struct

from routelab.records import Decision, RoutingTable, TableCandidate
from routelab.table import TableProblem
from routelab_serve.contract import ClassifierProblem


class Shown(Struct, frozen=True):
    """One candidate of a route: `why` it is picked, or is not."""

    candidate: TableCandidate
    is_pick: bool
    why: str


class RouteView(Struct, frozen=True, kw_only=True):
    """One route for a conversation that begins now, without policy and constraints.

    `candidates` in table order; `pick` None: nobody can serve. `most_accurate`: who is picked in
    mode best_accuracy, None where it is the same.
    """

    route: str
    pick: TableCandidate | None
    most_accurate: Decision | None
    candidates: tuple[Shown, ...]


class ShadowTally(Struct, frozen=True, kw_only=True):
    """How often one shadow router picked our model, another, none though it was asked, or failed."""

    router: str
    same: float = 0
    other: float = 0
    neither: float = 0
    skipped: float = 0
    failed: float = 0

    @property
    def agreement(self) -> float | None:
        """The share of equal picks among those where both picked; None without any."""
        compared = self.same + self.other
        return self.same / compared if compared else None


class Activity(Struct, frozen=True, kw_only=True):
    """What the decision log holds of the last hour.

    Numbers of decisions stand for the traffic: rows by their weight, so they are estimates where
    `is_sampled`. `rows` were read, back to `oldest` (None without any); `is_partial`: there were
    more. `by_minute` has 60 numbers, the oldest first. `cost_usd` is the known cost of classifying.
    """

    rows: int = 0
    oldest: datetime | None = None
    is_partial: bool = False
    is_sampled: bool = False
    decisions: float = 0.0
    sticky: float = 0.0
    cached: float = 0.0
    fallbacks: float = 0.0
    cost_usd: float = 0.0
    unknown_costs: float = 0.0
    p50_ms: float | None = None
    p95_ms: float | None = None
    by_minute: tuple[float, ...] = (0.0,) * 60
    by_model: dict[str, float] = {}
    by_source: dict[str, float] = {}
    by_switch_reason: dict[str, float] = {}
    by_null_reason: dict[str, float] = {}
    by_route: dict[str, float] = {}
    shadows: tuple[ShadowTally, ...] = ()

    @property
    def switches(self) -> float:
        """Decisions that left a conversation's model."""
        return sum(self.by_switch_reason.values())

    @property
    def nulls(self) -> float:
        """Answers without a decision."""
        return sum(self.by_null_reason.values())


class SinceStart(Struct, frozen=True, kw_only=True):
    """What this process has counted since it started."""

    decisions: int = 0
    nulls: int = 0
    rate_limited: int = 0
    session_errors: dict[str, int] = {}
    table_problems: dict[str, int] = {}
    log_dropped: int = 0
    log_fails: bool = False
    shadows: tuple[ShadowTally, ...] = ()


class PageData(Struct, frozen=True, kw_only=True):
    """Everything on the page.

    `table` None: there never was a usable one. `activity` None: there is no decision log, or
    `log_problem` says why it could not be read. `counts` None: this shim keeps no metrics.
    `classifier` None: not told. `classifier_problem` None: nothing is known to keep it from answering.
    """

    now: datetime
    version: str
    table: RoutingTable | None = None
    table_problem: TableProblem | None = None
    classifier: str | None = None
    classifier_problem: ClassifierProblem | None = None
    routes: tuple[RouteView, ...] = ()
    activity: Activity | None = None
    log_problem: str | None = None
    counts: SinceStart | None = None
