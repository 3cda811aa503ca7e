"""Records as polars frames."""

from collections.abc import Iterable
from typing import Any

import msgspec
import polars as pl

from routelab.ranking import evidence_of
from routelab.records import Attempt, RoutingTable, Summary

OUTCOME_SCHEMA = {
    "case_id": pl.String,
    "route": pl.String,
    "candidate": pl.String,
    "repetition": pl.Int64,
    "score": pl.Float64,
    "cost_usd": pl.Float64,
    "latency_ms": pl.Float64,
}
_ATTEMPT_SCHEMA = {
    **OUTCOME_SCHEMA,
    "number": pl.Int64,
    "status": pl.String,
    "route_correct": pl.Boolean,
    "prompt_tokens": pl.Int64,
    "completion_tokens": pl.Int64,
    "error_kind": pl.String,
    "error_message": pl.String,
    "timed_out": pl.Boolean,
    "fallback_reason": pl.String,
    "finish_reason": pl.String,
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
}
_SUMMARY_SCHEMA = {
    "candidate": pl.String,
    "route": pl.String,
    "cases": pl.Int64,
    "repetitions": pl.Int64,
    "accuracy": pl.Float64,
    "accuracy_low": pl.Float64,
    "accuracy_high": pl.Float64,
    "route_accuracy": pl.Float64,
    "avg_cost_usd": pl.Float64,
    "costed": pl.Int64,
    "p50_latency_ms": pl.Float64,
    "p95_latency_ms": pl.Float64,
    "attempts": pl.Int64,
    "infrastructure_failures": pl.Int64,
    "errors": pl.Int64,
    "timeouts": pl.Int64,
    "carried_from": pl.String,
}
_TABLE_SCHEMA = {
    "route": pl.String,
    "rank": pl.Int64,
    "candidate": pl.String,
    "accuracy": pl.Float64,
    "accuracy_low": pl.Float64,
    "accuracy_high": pl.Float64,
    "cases": pl.Int64,
    "repetitions": pl.Int64,
    "avg_cost_usd": pl.Float64,
    "p50_latency_ms": pl.Float64,
    "p95_latency_ms": pl.Float64,
    "meets_threshold": pl.Boolean,
    "evidence": pl.String,
}


def outcome_matrix(outcomes: Iterable[Attempt]) -> pl.DataFrame:
    """The outcome matrix: one row a (case, candidate, repetition); unknown cost and latency are null."""
    return _frame(outcomes, OUTCOME_SCHEMA)


def attempt_frame(attempts: Iterable[Attempt]) -> pl.DataFrame:
    """Every attempt, failed ones included, without the models' output."""
    return _frame(attempts, _ATTEMPT_SCHEMA)


def summary_frame(summaries: Iterable[Summary], *, min_accuracy: float) -> pl.DataFrame:
    """Summaries with their evidence about `min_accuracy`; route null is the whole dataset."""
    summaries = list(summaries)
    evidence = [evidence_of(item.accuracy_low, item.accuracy_high, min_accuracy) for item in summaries]
    return _frame(summaries, _SUMMARY_SCHEMA).with_columns(pl.Series("evidence", evidence, dtype=pl.String))


def table_frame(table: RoutingTable) -> pl.DataFrame:
    """A routing table: one row a ranked candidate, rank 1 is best."""
    rows = [
        {**msgspec.structs.asdict(candidate), "route": route, "rank": rank, "candidate": str(candidate.candidate)}
        for route, ranked in table.routes.items()
        for rank, candidate in enumerate(ranked, start=1)
    ]
    return pl.DataFrame([{name: row[name] for name in _TABLE_SCHEMA} for row in rows], schema=_TABLE_SCHEMA)


def _frame(records: Iterable[Attempt | Summary], schema: dict[str, Any]) -> pl.DataFrame:
    rows = [{name: getattr(record, name) for name in schema} for record in records]
    for row in rows:
        row["candidate"] = str(row["candidate"])
    return pl.DataFrame(rows, schema=schema)
