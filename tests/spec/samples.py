"""Records to put into a store."""

from datetime import UTC, datetime, timedelta
from typing import Any

from routelab.records import Attempt, Candidate, ClassifierWinner, Engine, LaneFailure, Run, Snapshot, Summary

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
ATLAS = Candidate("sim/atlas")
CEDAR = Candidate("sim/cedar", "high")
ROUTES = ("debugging/bug_fixing", "debugging/test_repair")


def engine(**changes: Any) -> Engine:
    fields: dict[str, Any] = {
        "kind": "decider",
        "agent": "direct",
        "agent_version": "1",
        "sandbox": "process",
        "image": None,
        "memory_mb": None,
        "disk_mb": None,
        "cpus": None,
        "pids": None,
        "max_case_cost_usd": None,
        "suffix": None,
        "empty_retries": 1,
        "max_steps": 30,
        "timeout_s": 180,
        "dataset": "decider/v1",
        "dataset_sha256": "d" * 64,
        "case_ids": None,
        "taxonomy_sha256": "t" * 64,
        "prompt_version": None,
        "grading_version": "1",
        "endpoint": "simulated",
        "endpoint_version": "v",
    }
    return Engine(**{**fields, **changes})


def snapshot(**changes: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "engine": engine(),
        "source": "simulated",
        "candidates": (ATLAS, CEDAR),
        "repetitions": 1,
        "max_concurrency": 4,
        "max_cost_usd": None,
        "billing_account": None,
        "infrastructure_attempts": 3,
        "min_accuracy": 0.75,
        "confidence": 0.9,
        "rule": "proven",
        "switch_cost_factor": 3.0,
        "best_accuracy_switch_threshold": 0.05,
        "classifier_max_p95_latency_ms": 1000.0,
        "taxonomy_version": "v1",
        "routes": ROUTES,
        "config": {"limits": {"max_concurrency": 4}, "paths": {"work": "Ordner-ü"}},
    }
    return Snapshot(**{**fields, **changes})


def run(run_id: str = "decider-1", *, kind: Any = "decider", at: datetime = NOON, **changes: Any) -> Run:
    return Run(
        id=run_id,
        kind=kind,
        status="running",
        engine_identity=changes.pop("engine_identity", "e" * 64),
        snapshot=snapshot(**changes),
        created_at=at,
    )


def attempt(case: int = 1, **changes: Any) -> Attempt:
    fields: dict[str, Any] = {
        "run_id": "decider-1",
        "candidate": CEDAR,
        "case_id": f"debugging-case-{case}",
        "route": ROUTES[0],
        "repetition": 1,
        "number": 1,
        "status": "graded",
        "score": 1.0,
        "latency_ms": 12.5,
        "cost_usd": 0.25,
        "spent_usd": 0.25,
        "prompt_tokens": 10,
        "completion_tokens": 3,
        "output_prefix": "137 ✓ \U0001f600",
        "lane": "sim/cedar@high r1 s0",
        "started_at": NOON,
        "ended_at": NOON + timedelta(milliseconds=12.5),
    }
    return Attempt(**{**fields, **changes})


def full_attempt() -> Attempt:
    """An attempt with every field set."""
    return attempt(
        route_correct=False,
        error_kind="timeout",
        error_message="no answer within 2 s",
        timed_out=True,
        fallback_reason="invalid_output (json)",
        finish_reason="stop",
        exit_code=-9,
        event_tail='{"event": "answer"}',
        container="routelab-1",
    )


def summary(route: str | None = ROUTES[0], candidate: Candidate = ATLAS, **changes: Any) -> Summary:
    fields: dict[str, Any] = {
        "candidate": candidate,
        "route": route,
        "cases": 4,
        "repetitions": 1,
        "accuracy": 0.1 + 0.2,
        "accuracy_low": 1 / 3,
        "accuracy_high": 0.9,
        "avg_cost_usd": 1e-7,
        "costed": 4,
        "p50_latency_ms": 100.0,
        "p95_latency_ms": 250.5,
        "attempts": 5,
        "infrastructure_failures": 1,
        "errors": 2,
        "timeouts": 1,
        "route_accuracy": None,
        "carried_from": None,
    }
    return Summary(**{**fields, **changes})


def lane_failure(message: str = "SandboxError: no folder") -> LaneFailure:
    return LaneFailure(run_id="decider-1", candidate=CEDAR, repetition=2, shard=1, message=message, at=NOON)


def winner(**changes: Any) -> ClassifierWinner:
    fields: dict[str, Any] = {
        "run_id": "classifier-1",
        "candidate": CEDAR,
        "accuracy": 0.9,
        "avg_cost_usd": None,
        "p95_latency_ms": 700.0,
        "source": "simulated",
        "published_at": NOON,
    }
    return ClassifierWinner(**{**fields, **changes})
