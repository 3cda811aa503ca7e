"""What must hold before a table is served."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from routelab.records import Candidate, ClassifierWinner, RoutingTable
from routelab_serve.tables.source import SourceKind

TableProblem = Literal["unpublished", "source", "taxonomy", "virtual", "untrusted"] | SourceKind


class Refusal(Struct, frozen=True):
    """Why a table is not served, as a word and as a sentence."""

    problem: TableProblem
    detail: str


class ServingRules(Struct, frozen=True, kw_only=True):
    """What a table must be to be served.

    `sources`: the table sources an operator allows. `taxonomy_version` and `routes`: of the
    taxonomy that requests are classified with (routes None: not checked). `virtual_prefixes`: how
    ids begin that a gateway resolves by asking this shim; deciding for one would never end.
    """

    sources: frozenset[str]
    taxonomy_version: str
    routes: frozenset[str] | None = None
    virtual_prefixes: tuple[str, ...] = ("routelab/",)

    def refusal(self, table: RoutingTable | None) -> Refusal | None:
        """Why this table may not be served; None when it may."""
        if table is None:
            return Refusal("unpublished", "there is no published table")
        named = f"table {table.version}"
        if table.source not in self.sources:
            return Refusal("source", f"{named} is {table.source}, which serve.sources does not name")
        if table.taxonomy_version != self.taxonomy_version:
            return Refusal("taxonomy", f"{named} is for taxonomy {table.taxonomy_version}")
        strange = sorted(table.routes.keys() - self.routes) if self.routes is not None else []
        if strange:
            return Refusal("taxonomy", f"{named} has routes outside the taxonomy: {', '.join(strange)}")
        return self._refuse_candidates(table, named)

    def allows(self, winner: ClassifierWinner | None) -> bool:
        """Whether this classifier may serve."""
        return winner is not None and winner.source in self.sources and not self._is_virtual(winner.candidate.model)

    def _refuse_candidates(self, table: RoutingTable, named: str) -> Refusal | None:
        for route, ranked in table.routes.items():
            try:
                candidates = [row.candidate for row in ranked]
            except ValueError as error:
                return Refusal("untrusted", f"{named}, route {route}: {error}")
            if repeated := _repeated(candidates):
                return Refusal("untrusted", f"{named}, route {route}: candidate {repeated} stands twice")
            for candidate in candidates:
                if self._is_virtual(candidate.model):
                    return Refusal("virtual", f"{named}, route {route}: {candidate.model} is a virtual model")
        return None

    def _is_virtual(self, model: str) -> bool:
        return model.lower().startswith(tuple(prefix.lower() for prefix in self.virtual_prefixes))


def _repeated(candidates: Iterable[Candidate]) -> Candidate | None:
    seen: set[Candidate] = set()
    for candidate in candidates:
        if candidate in seen:
            return candidate
        seen.add(candidate)
    return None
