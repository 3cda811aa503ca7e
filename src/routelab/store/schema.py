"""The tables of the store, as the newest migration leaves them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on every backend; SQLite alone would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive time, keep UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a timestamp needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC back."""
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("engine_identity", String(64), nullable=False, index=True),
    Column("snapshot", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("stop_reason", Text),
    Column("owner_host", String(255)),
    Column("owner_pid", Integer),
    Column("heartbeat_at", UtcDateTime),
)
Index(
    "one_running_run_a_kind",
    runs.c.kind,
    unique=True,
    sqlite_where=text("status = 'running'"),
    postgresql_where=text("status = 'running'"),
)

run_candidates = Table(
    "run_candidates",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("candidate", String(300), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("carried_from", String(40)),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("candidate", String(300), nullable=False),
    Column("case_id", String(120), nullable=False),
    Column("route", String(120), nullable=False),
    Column("repetition", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("score", Float),
    Column("route_correct", Boolean),
    Column("latency_ms", Float),
    Column("cost_usd", Float),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("error_kind", String(60)),
    Column("error_message", Text),
    Column("timed_out", Boolean, nullable=False),
    Column("fallback_reason", String(120)),
    Column("finish_reason", String(60)),
    Column("exit_code", Integer),
    Column("output_prefix", Text),
    Column("event_tail", Text),
    Column("container", String(120)),
    Column("lane", String(400)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("agent_cost_usd", Float),
    Column("spent_usd", Float, nullable=False, server_default="0"),
    UniqueConstraint("run_id", "candidate", "case_id", "repetition", "number", name="one_row_an_attempt"),
)

summaries = Table(
    "summaries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("candidate", String(300), nullable=False),
    Column("route", String(120)),
    Column("cases", Integer, nullable=False),
    Column("repetitions", Integer, nullable=False),
    Column("accuracy", Float),
    Column("accuracy_low", Float),
    Column("accuracy_high", Float),
    Column("avg_cost_usd", Float),
    Column("costed", Integer, nullable=False),
    Column("p50_latency_ms", Float),
    Column("p95_latency_ms", Float),
    Column("attempts", Integer, nullable=False),
    Column("infrastructure_failures", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("timeouts", Integer, nullable=False),
    Column("route_accuracy", Float),
    Column("carried_from", String(40)),
)

lane_failures = Table(
    "lane_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("candidate", String(300), nullable=False),
    Column("repetition", Integer, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("lane", String(400), nullable=False),
    Column("heartbeat_at", UtcDateTime, nullable=False),
)

tables = Table(
    "tables",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("generated_at", String(40)),
    Column("source", String(20), nullable=False),
    Column("min_accuracy", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("rule", String(20), nullable=False),
    Column("switch_cost_factor", Float, nullable=False),
    Column("best_accuracy_switch_threshold", Float, nullable=False),
    Column("taxonomy_version", String(20)),
    Column("content_sha256", String(64), nullable=False),
)

table_runs = Table(
    "table_runs",
    metadata,
    Column("version", ForeignKey("tables.version"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("run_id", String(40), nullable=False),
)

table_routes = Table(
    "table_routes",
    metadata,
    Column("version", ForeignKey("tables.version"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("route", String(120), nullable=False),
)

table_candidates = Table(
    "table_candidates",
    metadata,
    Column("version", ForeignKey("tables.version"), primary_key=True),
    Column("route", String(120), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("model", String(255), nullable=False),
    Column("variant", String(60)),
    Column("accuracy", Float, nullable=False),
    Column("accuracy_low", Float),
    Column("accuracy_high", Float),
    Column("cases", Integer),
    Column("repetitions", Integer),
    Column("avg_cost_usd", Float),
    Column("p50_latency_ms", Float),
    Column("p95_latency_ms", Float),
    Column("meets_threshold", Boolean, nullable=False),
    Column("evidence", String(20), nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", ForeignKey("tables.version"), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)

classifier_winners = Table(
    "classifier_winners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("candidate", String(300), nullable=False),
    Column("accuracy", Float),
    Column("avg_cost_usd", Float),
    Column("p95_latency_ms", Float),
    Column("source", String(20), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)
