"""What must hold of a table before it is published, and before it is served."""

from collections.abc import Iterable
from typing import Literal, Self

from msgspec import Struct

from routelab.config import Config
from routelab.records import Candidate, ClassifierWinner, RoutingTable
from routelab.taxonomy import Taxonomy

TableProblem = Literal["unpublished", "source", "taxonomy", "empty", "virtual", "untrusted", "store", "file", "shim"]
"""Why a table does not serve; the last three name the place that cannot be read."""


class Refusal(Struct, frozen=True):
    """Why a table may not serve, as a word and as a sentence."""

    problem: TableProblem
    detail: str


class TableRules(Struct, frozen=True, kw_only=True):
    """What a table must be to be published and served.

    `sources`: the table sources an operator allows. `taxonomy_version` and `routes`: of the
    taxonomy that requests are classified with. `virtual_prefixes`: how ids begin that a gateway
    resolves by asking the shim; deciding for one would never end.
    """

    sources: frozenset[str]
    taxonomy_version: str
    routes: frozenset[str]
    virtual_prefixes: tuple[str, ...] = ("routelab/",)

    @classmethod
    def configured(cls, config: Config, taxonomy: Taxonomy) -> Self:
        """The rules of a configuration and the taxonomy it names."""
        return cls(
            sources=frozenset(config.serve.sources),
            taxonomy_version=taxonomy.version,
            routes=frozenset(taxonomy.routes),
            virtual_prefixes=config.serve.table.virtual_prefixes,
        )

    def refusal(self, table: RoutingTable | None) -> Refusal | None:
        """Why this table may not serve; None when it may."""
        if table is None:
            return Refusal("unpublished", "there is no published table")
        named = f"table {table.version}"
        if table.source not in self.sources:
            return Refusal("source", f"{named} is {table.source}, which serve.sources does not name")
        if table.taxonomy_version != self.taxonomy_version:
            return Refusal(
                "taxonomy", f"{named} is for taxonomy {table.taxonomy_version}, not for {self.taxonomy_version}"
            )
        if strange := sorted(table.routes.keys() - self.routes):
            return Refusal("taxonomy", f"{named} has routes outside the taxonomy: {', '.join(strange)}")
        empty = [route for route, ranked in table.routes.items() if not ranked]
        if empty or not table.routes:
            where = ", ".join(empty) or "any route"
            return Refusal("empty", f"{named}: no candidate has both a graded case and a known cost on {where}")
        return self._refuse_candidates(table, named)

    def refuse_winner(self, winner: ClassifierWinner) -> str | None:
        """Why this classifier may not serve, as a sentence; None when it may."""
        if winner.source not in self.sources:
            return f"classifier {winner.candidate} is {winner.source}, which serve.sources does not name"
        if self._is_virtual(winner.candidate.model):
            return f"classifier {winner.candidate} is a virtual model"
        return None

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
