"""Writing and reading routing tables."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import asdict

from routelab.errors import TableError
from routelab.ranking import evidence_of, meets
from routelab.records import ClassifierWinner, RoutingTable, TableCandidate


class PublishedTable(RoutingTable, frozen=True, kw_only=True):
    """A routing table as shims and files hand it on; the content hash is the table's alone.

    `classifier_winner`: the classifier that was published; None: none was, or none is told.
    """

    classifier_winner: ClassifierWinner | None = None


def sealed(table: RoutingTable) -> RoutingTable:
    """The table with `content_sha256` set to the hash of its content.

    `published_at` stays out: a version that goes live again is the same table.
    """
    return msgspec.structs.replace(table, content_sha256=_digest(table))


def dump_table(table: RoutingTable) -> bytes:
    """The table as indented JSON, in the contract's field order."""
    return msgspec.json.format(msgspec.json.encode(table), indent=2) + b"\n"


def with_winner(table: RoutingTable, winner: ClassifierWinner | None) -> PublishedTable:
    """The table as it is handed on, beside the classifier that was published (None: none was)."""
    return PublishedTable(**asdict(table), classifier_winner=winner)


def load_table(document: bytes, *, origin: str = "the routing table") -> RoutingTable:
    """Read a table that was written as JSON and check that nobody edited it since.

    `origin` names the document in errors. Raises TableError when it is not a table, or when its
    content does not have the hash it carries.
    """
    return load_published(document, origin=origin)[0]


def load_published(document: bytes, *, origin: str) -> tuple[RoutingTable, ClassifierWinner | None]:
    """Read a table as `load_table` does, and the classifier beside it; None: the document names none."""
    try:
        read = msgspec.json.decode(document, type=PublishedTable)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise TableError(f"{origin} is not a routing table: {error}") from error
    table = RoutingTable(**{name: getattr(read, name) for name in RoutingTable.__struct_fields__})
    verify_table(table, origin=origin)
    return table, read.classifier_winner


def verify_table(table: RoutingTable, *, origin: str = "the routing table") -> None:
    """Raise TableError when the content of a table does not have the hash it carries."""
    if table.content_sha256 is None:
        raise TableError(f"{origin} carries no content_sha256; publish it with routelab")
    if table.content_sha256 != _digest(table):
        raise TableError(f"{origin} was changed after it was written: its content_sha256 does not match")


def as_table(table: RoutingTable | Mapping[str, Any]) -> RoutingTable:
    """A table from a plain dict; `evidence` and `meets_threshold` are derived where missing.

    Raises TableError when the dict is not a table.
    """
    if isinstance(table, RoutingTable):
        return table
    try:
        read = msgspec.convert(table, type=RoutingTable)
    except msgspec.ValidationError as error:
        raise TableError(f"not a routing table: {error}") from error
    routes = {
        route: tuple(
            _completed(candidate, given, read.min_accuracy)
            for candidate, given in zip(ranked, table["routes"][route], strict=True)
        )
        for route, ranked in read.routes.items()
    }
    return msgspec.structs.replace(read, routes=routes)


def _completed(
    candidate: TableCandidate, given: TableCandidate | Mapping[str, Any], min_accuracy: float
) -> TableCandidate:
    if isinstance(given, TableCandidate):
        return candidate
    derived: dict[str, Any] = {
        "meets_threshold": meets(candidate.accuracy, min_accuracy),
        "evidence": evidence_of(candidate.accuracy_low, candidate.accuracy_high, min_accuracy),
    }
    return msgspec.structs.replace(candidate, **{name: value for name, value in derived.items() if name not in given})


def _digest(table: RoutingTable) -> str:
    bare = msgspec.structs.replace(table, content_sha256=None, published_at=None)
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()
