"""Building routing tables."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from routelab.errors import TableError
from routelab.ranking import rank
from routelab.records import RoutingTable, Summary, TableCandidate
from routelab.records.tables import Rule, Source
from routelab.table.document import sealed


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


def _version(table: RoutingTable) -> str:
    return hashlib.sha256(msgspec.json.encode(table, order="sorted")).hexdigest()[:16]
