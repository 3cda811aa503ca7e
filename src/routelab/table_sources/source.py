"""What a place that holds routing tables can be asked."""

from typing import Literal, Protocol

from msgspec import Struct

from routelab.errors import RoutelabError
from routelab.records import ClassifierWinner, Publication, RoutingTable

SourceKind = Literal["store", "file", "shim"]
MAX_TABLE_BYTES = 20_000_000


class SourceFailed(RoutelabError):
    """The place that holds the tables could not be read."""


class Published(Struct, frozen=True):
    """What is published there: a table, and the classifier; None: there is none, or none is told."""

    table: RoutingTable | None
    winner: ClassifierWinner | None = None


class TableSource(Protocol):
    """Blocking reads, asked one after the other and away from the event loop.

    Each raises TableError for a table that cannot be trusted, and another RoutelabError when the
    place cannot be read.
    """

    @property
    def kind(self) -> SourceKind:
        """What sort of place it is, to name in problems."""

    def read(self) -> Published:
        """What is published now."""

    def history(self) -> list[Publication] | None:
        """Every publication, newest first; None where the place does not know."""

    def version(self, version: str) -> RoutingTable | None:
        """The table of a version; None when the place does not have it."""

    def stamp(self) -> object | None:
        """Something cheap that changes when the content may have; None where only reading tells."""
