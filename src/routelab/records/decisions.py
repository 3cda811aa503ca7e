"""What is asked of a routing decision, and the decision."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from routelab.records.models import Candidate
from routelab.records.tables import Evidence

RoutingMode = Literal["cost_per_accuracy", "best_accuracy"]
SwitchReason = Literal["cost", "accuracy", "capability", "threshold", "unavailable"]


class PoolEntry(Struct, frozen=True, gc=False):
    """An exact candidate a caller allows, or the one a conversation is on."""

    model: str
    variant: str | None = None


class Policy(Struct, frozen=True, gc=False):
    """What the caller allows: `pool` None means every candidate of the route, empty means none."""

    routing_mode: RoutingMode = "cost_per_accuracy"
    denied_models: tuple[str, ...] = ()
    pool: tuple[PoolEntry, ...] | None = None


class Constraints(Struct, frozen=True, gc=False):
    """What the request needs: input modalities beside text, and room for the prompt (tokens)."""

    input_modalities: tuple[str, ...] = ()
    prompt_tokens_estimate: Annotated[int, Meta(ge=0)] | None = None


class ShadowContext(Struct, frozen=True, kw_only=True):
    """What a gateway lets shadow routers know: its tier, candidates, and the model it would serve."""

    tier: str | None = None
    candidate_models: tuple[str, ...] | None = None
    resolved_model: str | None = None


class Decision(Struct, frozen=True, kw_only=True, gc=False):
    """The model to use.

    `sticky`: the incumbent was kept although the fresh pick is another. `switch_reason` is None
    unless the incumbent was left.
    """

    model: str
    variant: str | None
    route: str
    source: str
    table_version: str
    sticky: bool
    switch_reason: SwitchReason | None
    evidence: Evidence
    accuracy: float
    accuracy_low: float | None
    avg_cost_usd: float | None

    @property
    def candidate(self) -> Candidate:
        """The pair (model, variant)."""
        return Candidate(self.model, self.variant)
