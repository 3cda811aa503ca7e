"""Decide: which model serves this request."""

from collections.abc import Mapping
from typing import Any

from routelab.decision.field import Entrant, Field, as_entry, is_pair, survey
from routelab.records import Capabilities, Constraints, Decision, Policy, PoolEntry, RoutingTable
from routelab.records.decisions import SwitchReason

# Differences of decimal shares such as 0.80 - 0.75 are off by a rounding; a limit that is met
# exactly on paper must not switch.
_ROUNDING = 1e-9


def decide(
    route: str,
    table: RoutingTable | Mapping[str, Any],
    *,
    incumbent: PoolEntry | Mapping[str, Any] | Any | None = None,
    policy: Policy | Mapping[str, Any] | None = None,
    constraints: Constraints | Mapping[str, Any] | None = None,
    capabilities: Mapping[str, Capabilities | Mapping[str, Any]] | None = None,
) -> Decision | None:
    """The model to use on `route`, or None when no candidate of the route may serve.

    `incumbent` is the pair the conversation is on (None: a new conversation). It is kept while it
    is available, able, still good enough, and the fresh pick is not cheaper (or, in best_accuracy
    mode, more accurate) by more than the table's switch limits. `capabilities` maps model ids to
    what is known of them.

    Pure and deterministic; it does not check the table's hash. Raises UserError for a malformed
    policy or constraint, TableError for a malformed table.
    """
    field = survey(route, table, policy, constraints, capabilities)
    fresh = field.fresh_pick()
    if fresh is None:
        return None
    current = as_entry(incumbent)
    if current is None or is_pair(fresh.candidate, current):
        return _decision(field, fresh, sticky=False, switch_reason=None)
    entrant = field.find(current)
    reason = _reason_to_leave(field, entrant, fresh)
    if entrant is None or reason is not None:
        return _decision(field, fresh, sticky=False, switch_reason=reason)
    return _decision(field, entrant, sticky=True, switch_reason=None)


def _reason_to_leave(field: Field, incumbent: Entrant | None, fresh: Entrant) -> SwitchReason | None:
    if incumbent is None or incumbent.obstacle in ("denied", "outside_pool"):
        return "unavailable"
    if incumbent.obstacle == "modality" or _is_roomier(fresh, incumbent):
        return "capability"
    if field.policy.routing_mode == "best_accuracy":
        return _accuracy_reason(field, incumbent, fresh)
    return _cost_reason(field, incumbent, fresh)


def _is_roomier(fresh: Entrant, incumbent: Entrant) -> bool:
    if incumbent.obstacle != "context":
        return False
    return fresh.obstacle is None or (fresh.context_length or 0) > (incumbent.context_length or 0)


def _accuracy_reason(field: Field, incumbent: Entrant, fresh: Entrant) -> SwitchReason | None:
    if not incumbent.candidate.meets_threshold:
        return "threshold"
    gain = fresh.candidate.accuracy - incumbent.candidate.accuracy
    limit = field.table.best_accuracy_switch_threshold
    return "accuracy" if gain > limit + _ROUNDING else None


def _cost_reason(field: Field, incumbent: Entrant, fresh: Entrant) -> SwitchReason | None:
    candidate = incumbent.candidate
    good_enough = candidate.meets_threshold if field.table.rule == "point" else candidate.evidence != "rejected"
    if not good_enough:
        return "threshold"
    now, then = fresh.candidate.avg_cost_usd, candidate.avg_cost_usd
    if now is None or then is None:
        return None
    return "cost" if now * field.table.switch_cost_factor < then * (1 - _ROUNDING) else None


def _decision(field: Field, entrant: Entrant, *, sticky: bool, switch_reason: SwitchReason | None) -> Decision:
    chosen = entrant.candidate
    return Decision(
        model=chosen.model,
        variant=chosen.variant,
        route=field.route,
        source=field.table.source,
        table_version=field.table.version,
        sticky=sticky,
        switch_reason=switch_reason,
        evidence=chosen.evidence,
        accuracy=chosen.accuracy,
        accuracy_low=chosen.accuracy_low,
        avg_cost_usd=chosen.avg_cost_usd,
    )
