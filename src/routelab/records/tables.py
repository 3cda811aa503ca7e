"""The routing table: per route, the ranked candidates with their evidence."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from routelab.records.models import Candidate

Evidence = Literal["proven", "unproven", "rejected"]
Rule = Literal["proven", "point"]
Source = Literal["benchmark", "imported", "simulated"]
Share = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=0)]


class TableCandidate(Struct, frozen=True, kw_only=True):
    """One candidate on one route.

    `accuracy` and its two-sided interval are shares (0 to 1); a null interval could not be
    estimated. `cases`, `repetitions`, cost and latencies are None where unknown. `evidence` is
    `proven` (accuracy_low >= min_accuracy), `rejected` (accuracy_high < min_accuracy) or `unproven`.
    """

    model: str
    variant: str | None = None
    accuracy: Share
    accuracy_low: Share | None = None
    accuracy_high: Share | None = None
    cases: Count | None = None
    repetitions: Count | None = None
    avg_cost_usd: Amount | None = None
    p50_latency_ms: Amount | None = None
    p95_latency_ms: Amount | None = None
    meets_threshold: bool = False
    evidence: Evidence = "unproven"

    @property
    def candidate(self) -> Candidate:
        """The pair (model, variant)."""
        return Candidate(self.model, self.variant)


class RoutingTable(Struct, frozen=True, kw_only=True):
    """Ranked candidates per route, best first, with everything needed to decide from them.

    `version` is a hash of what went in; `content_sha256` of the table as written.
    """

    version: str = ""
    run_ids: tuple[str, ...] = ()
    generated_at: str | None = None
    published_at: str | None = None
    source: Source = "benchmark"
    min_accuracy: Share = 0.75
    confidence: float = 0.9
    rule: Rule = "proven"
    switch_cost_factor: float = 3.0
    best_accuracy_switch_threshold: float = 0.05
    taxonomy_version: str | None = None
    content_sha256: str | None = None
    routes: dict[str, tuple[TableCandidate, ...]]


class Publication(Struct, frozen=True):
    """A table version that went live at a time; the newest publication is the live one."""

    version: str
    source: str
    published_at: datetime
