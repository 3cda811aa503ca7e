"""Explain: every candidate that was considered, and why it lost."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from routelab.decision.field import is_pair, survey
from routelab.records import (
    Capabilities,
    Constraints,
    Decision,
    Evidence,
    Policy,
    RoutingTable,
)

Verdict = Literal["chosen", "denied", "outside_pool", "modality", "context", "ranked_lower", "not_worth_a_switch"]


class Considered(Struct, frozen=True, kw_only=True):
    """One candidate of the route and why it was or was not chosen."""

    model: str
    variant: str | None
    verdict: Verdict
    accuracy: float
    evidence: Evidence
    avg_cost_usd: float | None


def explain(
    decision: Decision | None,
    route: str,
    table: RoutingTable | Mapping[str, Any],
    *,
    policy: Policy | Mapping[str, Any] | None = None,
    constraints: Constraints | Mapping[str, Any] | None = None,
    capabilities: Mapping[str, Capabilities | Mapping[str, Any]] | None = None,
) -> list[Considered]:
    """Every candidate of the route in table order, for a decision made from the same arguments.

    `not_worth_a_switch` marks the fresh pick that lost to an incumbent.
    """
    field = survey(route, table, policy, constraints, capabilities)
    fresh = field.fresh_pick()
    considered = []
    for entrant in field.entrants:
        candidate = entrant.candidate
        verdict: Verdict = entrant.obstacle or "ranked_lower"
        if decision is not None and is_pair(candidate, decision):
            verdict = "chosen"
        elif fresh is not None and candidate is fresh.candidate:
            verdict = "not_worth_a_switch"
        considered.append(
            Considered(
                model=candidate.model,
                variant=candidate.variant,
                verdict=verdict,
                accuracy=candidate.accuracy,
                evidence=candidate.evidence,
                avg_cost_usd=candidate.avg_cost_usd,
            )
        )
    return considered
