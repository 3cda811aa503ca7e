"""Building, writing and reading routing tables."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from routelab.errors import TableError
from routelab.ranking import evidence_of, meets, rank
from routelab.records import RoutingTable, Summary, TableCandidate
from routelab.records.tables import Rule, Source


def build_table(
    summaries: Iterable[Summary | Mapping[str, Any]],
    *,
    routes: Sequence[str],
    run_ids: Sequence[str] = (),
    source: Source = "benchmark",
    min_accuracy: float = 0.75,
    confidence: float = 0.9,
    rule: Rule = "proven",
    switch_cost_factor: float = 3.0,
    best_accuracy_switch_threshold: float = 0.05,
    taxonomy_version: str | None = None,
    generated_at: datetime | None = None,
) -> RoutingTable:
    """Rank the summaries of every route into a table that is not yet published.

    `summaries` are one per (candidate, route), as records or dicts with a `route`; those of other
    routes are ignored. A route without a rankable candidate stays in the table, empty: whether
    that stops a publish is the gate's business. `generated_at` None means now (UTC).

    Raises TableError when a summary is malformed, or a candidate stands twice on a route.
    """
    by_route: dict[str, list[Any]] = {route: [] for route in routes}
    for summary in summaries:
        route = summary.get("route") if isinstance(summary, Mapping) else summary.route
        if route in by_route:
            by_route[route].append(summary)
    table = RoutingTable(
        run_ids=tuple(run_ids),
        source=source,
        min_accuracy=min_accuracy,
        confidence=confidence,
        rule=rule,
        switch_cost_factor=switch_cost_factor,
        best_accuracy_switch_threshold=best_accuracy_switch_threshold,
        taxonomy_version=taxonomy_version,
        routes={route: _ranked(route, rows, min_accuracy=min_accuracy, rule=rule) for route, rows in by_route.items()},
    )
    stamp = (generated_at or datetime.now(UTC)).astimezone(UTC).isoformat()
    return sealed(msgspec.structs.replace(table, version=_version(table), generated_at=stamp))


def _ranked(route: str, rows: list[Any], *, min_accuracy: float, rule: Rule) -> tuple[TableCandidate, ...]:
    try:
        ranked = rank(rows, min_accuracy=min_accuracy, rule=rule)
    except ValueError as error:
        raise TableError(f"route {route}: {error}") from error
    times = Counter((candidate.model, candidate.variant) for candidate in ranked)
    for (model, variant), count in times.items():
        if count > 1:
            raise TableError(f"route {route}: candidate {model} with variant {variant} stands {count} times")
    return tuple(ranked)


def sealed(table: RoutingTable) -> RoutingTable:
    """The table with `content_sha256` set to the hash of its content.

    `published_at` stays out: a version that goes live again is the same table.
    """
    return msgspec.structs.replace(table, content_sha256=_digest(table))


def dump_table(table: RoutingTable) -> bytes:
    """The table as indented JSON, in the contract's field order."""
    return msgspec.json.format(msgspec.json.encode(table), indent=2) + b"\n"


def load_table(document: bytes, *, origin: str = "the routing table") -> RoutingTable:
    """Read a table that was written by `dump_table` and check that nobody edited it since.

    `origin` names the document in errors. Raises TableError when it is not a table, or when its
    content does not have the hash it carries.
    """
    try:
        table = msgspec.json.decode(document, type=RoutingTable)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise TableError(f"{origin} is not a routing table: {error}") from error
    verify_table(table, origin=origin)
    return table


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


def _version(table: RoutingTable) -> str:
    return hashlib.sha256(msgspec.json.encode(table, order="sorted")).hexdigest()[:16]


def _digest(table: RoutingTable) -> str:
    bare = msgspec.structs.replace(table, content_sha256=None, published_at=None)
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()
