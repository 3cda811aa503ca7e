"""A page with everything on it."""

from datetime import UTC, datetime, timedelta
from math import cos, sin

from msgspec.structs import replace
from tests.serve.decision_log.conftest import classification

from routelab.decision_log import LoggedDecision, LoggedShadow
from routelab.records import Decision, PoolEntry, RoutingTable
from routelab.table import build_table
from routelab_serve.decision_log.flatten import Flattener
from routelab_serve.entry import Entry, Stages
from routelab_serve.page import Activity, PageData, ShadowTally, SinceStart, collect
from routelab_serve.tables import Live

NOW = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
HOSTILE = "\"><script>alert('x')</script><img src=//evil.example/x>&amp;\u202e\0"
ROUTES = (
    "implementation/feature_development",
    "implementation/test_creation",
    "debugging/bug_fixing",
    "refactoring/architecture_improvement",
    "planning_design/technical_planning",
    "agentic_execution/multi_step_execution",
)
_MODELS = (
    ("qwen/qwen3-coder-30b-a3b-instruct", None, 0.82, 0.09, 0.0009),
    ("deepseek/deepseek-chat-v3.1", "low", 0.93, 0.06, 0.0021),
    ("anthropic/claude-sonnet-4.5", "high", 0.96, 0.05, 0.034),
    ("openai/gpt-5-nano", "minimal", 0.58, 0.11, 0.0004),
)
_flattener = Flattener(hash_key=b"k", redact=None)


def table(routes=ROUTES, **changes) -> RoutingTable:
    """Some routes with a proven pick, some with none."""
    rows = [
        {
            "route": route,
            "model": model,
            "variant": variant,
            "accuracy": (middle := max(0.0, accuracy - 0.04 * place)),
            "accuracy_low": max(0.0, middle - half),
            "accuracy_high": min(1.0, middle + half / 2),
            "avg_cost_usd": cost,
            "cases": 36,
            "repetitions": 2,
            "p50_latency_ms": 2400.0,
        }
        for place, route in enumerate(routes)
        for model, variant, accuracy, half, cost in _MODELS
    ]
    built = build_table(
        rows, **{"routes": routes, "taxonomy_version": "v1", "generated_at": NOW - timedelta(days=2), **changes}
    )
    return replace(built, published_at=(NOW - timedelta(hours=5)).isoformat())


def hostile_table() -> RoutingTable:
    """A table whose every text tries to break out."""
    given = table((ROUTES[0],))
    candidates = tuple(replace(row, model=row.model + HOSTILE) for row in given.routes[ROUTES[0]])
    return replace(given, version=HOSTILE, published_at=HOSTILE, routes={HOSTILE: candidates})


def activity(**changes) -> Activity:
    given = {
        "rows": 14_210,
        "decisions": 71_050.0,
        "is_sampled": True,
        "sticky": 60_120.0,
        "cached": 66_010.0,
        "fallbacks": 212.0,
        "cost_usd": 1.84,
        "unknown_costs": 12.0,
        "p50_ms": 0.021,
        "p95_ms": 412.0,
        "by_minute": tuple(1180 + 240 * sin(minute / 7) + 90 * cos(minute * 2) for minute in range(60)),
        "by_model": {
            "deepseek/deepseek-chat-v3.1@low": 43_100.0,
            "qwen/qwen3-coder-30b-a3b-instruct": 21_020.0,
            "anthropic/claude-sonnet-4.5@high": 6_600.0,
            "openai/gpt-5-nano@minimal": 12.0,
        },
        "by_source": {"benchmark": 70_732.0},
        "by_switch_reason": {"cost": 410.0, "threshold": 96.0, "unavailable": 12.0},
        "by_null_reason": {"no_candidate": 301.0, "unknown_route": 17.0},
        "by_route": {route: 9_000.0 / (place + 1) for place, route in enumerate(ROUTES)},
        "shadows": (
            ShadowTally(router="morph", same=1804, other=611, skipped=240, failed=9),
            ShadowTally(router="table:4c1d2e3f5a6b7c8d", same=2650, other=14),
        ),
    }
    return Activity(**(given | changes))


def page(live: Live | None = None, **changes) -> PageData:
    given = {
        "activity": activity(),
        "counts": SinceStart(decisions=812_330, nulls=318, rate_limited=4, session_errors={"read_timeout": 3}),
        "classifier": "openai/gpt-5-nano@minimal",
    }
    return collect(live or Live(table=table(), problem=None), now=NOW, **(given | changes))


def logged(number: int, at: datetime, *, decision: Decision | None, weight: float = 1.0, **changes) -> LoggedDecision:
    entry = {
        "decision_id": f"d{number}",
        "at": at.timestamp(),
        "decision": decision,
        "reason": None if decision else "no_candidate",
        "classification": classification(),
        "incumbent": PoolEntry("dear"),
        "cost_usd": 0.001,
        "stages": Stages(total_ms=float(number)),
    }
    return _flattener.row(Entry(**(entry | changes)), sampled=weight > 1, sample_rate=1 / weight)


def shadow(number: int, at: datetime, **changes) -> LoggedShadow:
    given = {"router": "morph", "outcome": "answered", "our_model": "cheap", "shadow_model": "cheap"}
    return LoggedShadow(decision_id=f"d{number}", at=at, **(given | changes))
