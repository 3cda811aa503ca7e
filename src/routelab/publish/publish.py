"""Building tables from runs, and making tables and classifiers live."""

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from routelab.errors import TableError, UserError
from routelab.publish.gate import check_runs, check_table, check_winner
from routelab.ranking import pick_classifier_winner
from routelab.records import ClassifierWinner, RoutingTable, Run, Summary
from routelab.store import Store
from routelab.table import TableRules, build_table

_log = structlog.get_logger(__name__)


def build_from_runs(store: Store, run_ids: Sequence[str]) -> RoutingTable:
    """Build a table from completed decider runs, keep it in the store unpublished, and return it.

    Where several runs measured the same candidate, the last one named counts. Everything is read
    from the runs' snapshots. Raises UserError when the runs cannot share a table.
    """
    runs = [store.runs.get(run_id) for run_id in run_ids]
    check_runs(runs)
    newest: dict[tuple[str, str | None], Summary] = {}
    for run in runs:
        for summary in store.results.summaries(run.id):
            newest[str(summary.candidate), summary.route] = summary
    snapshot = runs[0].snapshot
    table = build_table(
        [summary for summary in newest.values() if summary.route is not None],
        routes=snapshot.routes,
        run_ids=run_ids,
        source=snapshot.source,
        min_accuracy=snapshot.min_accuracy,
        confidence=snapshot.confidence,
        rule=snapshot.rule,
        switch_cost_factor=snapshot.switch_cost_factor,
        best_accuracy_switch_threshold=snapshot.best_accuracy_switch_threshold,
        taxonomy_version=snapshot.taxonomy_version,
    )
    store.tables.add(table)
    return store.tables.get(table.version)


def publish_table(store: Store, version: str, rules: TableRules) -> RoutingTable:
    """Make a stored version live, also an older one again, and return it.

    `rules` are those of the shims. Raises UserError for an unknown version, TableError when the gate
    refuses it; the live table then stays as it was.
    """
    check_table(store.tables.get(version), rules)
    store.tables.publish(version, datetime.now(UTC))
    _log.info("table published", version=version)
    return store.tables.get(version)


def publish_decider(store: Store, run_id: str, rules: TableRules) -> RoutingTable:
    """Build the table of one run and make it live; errors as of building and publishing."""
    return publish_table(store, build_from_runs(store, [run_id]).version, rules)


def publish_run(store: Store, run: Run, rules: TableRules) -> str:
    """Make what a completed run found live, and say in a sentence what that is; errors as of its kind."""
    if run.kind == "classifier":
        winner = publish_classifier(store, run.id, rules)
        return f"Published the classifier {winner.candidate} ({winner.source})."
    table = publish_decider(store, run.id, rules)
    return f"Published the routing table {table.version} ({table.source})."


def publish_classifier(store: Store, run_id: str, rules: TableRules) -> ClassifierWinner:
    """Make the winner of a completed classifier run the published classifier, and return it.

    Raises UserError for a run that is no completed classifier run, and TableError when nothing was
    graded or the gate refuses the winner; the one published before then stays.
    """
    run = store.runs.get(run_id)
    if run.kind != "classifier" or run.status != "completed":
        raise UserError(f"run {run_id} is no completed classifier run")
    snapshot = run.snapshot
    chosen = pick_classifier_winner(
        [summary for summary in store.results.summaries(run_id) if summary.route is None],
        min_accuracy=snapshot.min_accuracy,
        max_p95_latency_ms=snapshot.classifier_max_p95_latency_ms,
    )
    if chosen is None:
        raise TableError(f"run {run_id} graded nothing; the classifier published before stays")
    winner = ClassifierWinner(
        run_id=run_id,
        candidate=chosen.candidate,
        accuracy=chosen.accuracy,
        avg_cost_usd=chosen.avg_cost_usd,
        p95_latency_ms=chosen.p95_latency_ms,
        source=snapshot.source,
        published_at=datetime.now(UTC),
    )
    check_winner(winner, rules)
    store.tables.publish_winner(winner)
    return winner
