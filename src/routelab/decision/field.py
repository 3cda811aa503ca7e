"""Who may serve a request: a route's candidates with what stands against each."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from routelab.errors import UserError
from routelab.ranking import evidence_group
from routelab.records import Capabilities, Constraints, Decision, Policy, PoolEntry, RoutingTable, TableCandidate
from routelab.table import as_table

T = TypeVar("T")
Obstacle = Literal["denied", "outside_pool", "modality", "context"]
_NOTHING_KNOWN = Capabilities()


class Entrant(Struct, frozen=True, gc=False):
    """One candidate of the route.

    `obstacle` None: nothing stands against it. `context` alone only demotes: its context window is
    known to be too small, `context_length` tokens.
    """

    candidate: TableCandidate
    obstacle: Obstacle | None
    context_length: int | None = None


class Field(Struct, frozen=True):
    """All candidates of a route in table order, under one policy and one set of constraints."""

    route: str
    table: RoutingTable
    policy: Policy
    needs: Constraints
    known: Mapping[str, Any]

    @property
    def entrants(self) -> Iterator[Entrant]:
        """Every candidate, each looked at when it is its turn: a pick seldom needs more than the first."""
        return (self._entrant(candidate) for candidate in self._ranked)

    def find(self, incumbent: PoolEntry) -> Entrant | None:
        """The entrant that is exactly this pair; None when the route does not have it."""
        for candidate in self._ranked:
            if is_pair(candidate, incumbent):
                return self._entrant(candidate)
        return None

    def fresh_pick(self) -> Entrant | None:
        """Who would serve a new conversation; None when nobody may."""
        fitting: list[Entrant] = []
        cramped: list[Entrant] = []
        for candidate in self._ranked:
            entrant = self._entrant(candidate)
            if entrant.obstacle == "context":
                cramped.append(entrant)
            elif entrant.obstacle is None:
                if self.policy.routing_mode == "cost_per_accuracy":
                    return entrant
                fitting.append(entrant)
        if fitting:
            return min(fitting, key=self._accuracy_order)
        return max(cramped, key=lambda entrant: entrant.context_length or 0, default=None)

    @property
    def _ranked(self) -> tuple[TableCandidate, ...]:
        return self.table.routes.get(self.route, ())

    def _entrant(self, candidate: TableCandidate) -> Entrant:
        policy, needs = self.policy, self.needs
        if candidate.model in policy.denied_models:
            return Entrant(candidate, "denied")
        if policy.pool is not None and PoolEntry(candidate.model, candidate.variant) not in policy.pool:
            return Entrant(candidate, "outside_pool")
        able = self._able(candidate.model)
        if needs.input_modalities and not {"text", *(able.input_modalities or ())}.issuperset(needs.input_modalities):
            return Entrant(candidate, "modality")
        room = able.context_length
        if room is not None and needs.prompt_tokens_estimate is not None and room < needs.prompt_tokens_estimate:
            return Entrant(candidate, "context", room)
        return Entrant(candidate, None)

    def _able(self, model: str) -> Capabilities:
        known = self.known.get(model)
        return _NOTHING_KNOWN if known is None else _convert(known, Capabilities, f"capabilities of {model}")

    def _accuracy_order(self, entrant: Entrant) -> tuple[int, float, float]:
        candidate = entrant.candidate
        cost = float("inf") if candidate.avg_cost_usd is None else candidate.avg_cost_usd
        return evidence_group(candidate, self.table.rule), -candidate.accuracy, cost


def survey(
    route: str,
    table: RoutingTable | Mapping[str, Any],
    policy: Policy | Mapping[str, Any] | None,
    constraints: Constraints | Mapping[str, Any] | None,
    capabilities: Mapping[str, Capabilities | Mapping[str, Any]] | None,
) -> Field:
    """Hold every candidate of the route against policy and constraints.

    Raises UserError for a malformed policy or constraint, TableError for a malformed table.
    """
    table = as_table(table)
    policy = _convert(policy, Policy, "policy")
    needs = _convert(constraints, Constraints, "constraints")
    return Field(route, table, policy, needs, capabilities or {})


def is_pair(candidate: TableCandidate, pair: PoolEntry | Decision) -> bool:
    """Whether they are the same model with the same variant."""
    return candidate.model == pair.model and candidate.variant == pair.variant


def as_entry(incumbent: Any) -> PoolEntry | None:
    """The incumbent as a pair; takes a dict or anything with `model` and `variant`."""
    return None if incumbent is None else _convert(incumbent, PoolEntry, "incumbent")


def _convert(given: Any, kind: type[T], name: str) -> T:
    if isinstance(given, kind):
        return given
    if given is None:
        return kind()
    try:
        return msgspec.convert(given, type=kind, from_attributes=True)
    except msgspec.ValidationError as error:
        raise UserError(f"malformed {name}: {error}") from error
