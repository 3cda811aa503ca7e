"""Entries, rows and both kinds of writer."""

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from routelab.records import Classification, Constraints, Decision, NormalisedRequest, Policy, PoolEntry
from routelab_serve.decision_log import LogUnavailable, LogWriter, SqliteWriter
from routelab_serve.decision_log.parquet_writer import ParquetWriter
from routelab_serve.entry import Entry, Stages

NOON = 1_795_262_400.0  # 2026-11-21T12:00:00Z
WRITERS: dict[str, Callable[[Path], LogWriter]] = {"sqlite": SqliteWriter, "parquet": ParquetWriter}


@pytest.fixture(params=list(WRITERS))
def make_writer(request: pytest.FixtureRequest) -> Callable[[Path], LogWriter]:
    return WRITERS[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


class Memory:
    """A writer that keeps rows in memory; `unavailable` and `broken` make it fail."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.unavailable = self.broken = self.closed = False

    def write(self, rows: Sequence[Any]) -> None:
        if self.unavailable:
            raise LogUnavailable("no room")
        if self.broken:
            raise ZeroDivisionError
        self.rows.extend(rows)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    """A plain success with every field filled in; `changes` are fields."""
    numbers = count()

    def make(**changes: Any) -> Entry:
        number = next(numbers)
        given: dict[str, Any] = {
            "decision_id": f"decision-{number}",
            "at": NOON + number,
            "user_id": "ann@example.org",
            "conversation": f"conversation-{number}",
            "request": NormalisedRequest(
                api_kind="messages",
                requested_model="routelab/auto",
                system_prompt_prefix="You are a helper",
                user_prompt_prefix="My key is sk-abcdefghijklmnopqrst",
                latest_user_prompt_prefix="It crashes",
                message_count=3,
                has_tools=True,
            ),
            "policy": Policy("best_accuracy", ("dear",), (PoolEntry("cheap"), PoolEntry("middle", "low"))),
            "constraints": Constraints(("image",), 1200),
            "table_version": "v-table",
            "incumbent": PoolEntry("middle", "low"),
            "decision": decision(),
            "classification": classification(),
            "classifier_model": "sorter@low",
            "classifier_calls": 1,
            "cost_usd": 0.0002,
            "stages": Stages(decode_ms=0.01, session_ms=0.02, classify_ms=80.5, decide_ms=0.03, total_ms=81.0),
        }
        return Entry(**(given | changes))

    return make


def decision(**changes: Any) -> Decision:
    given = {
        "model": "cheap",
        "variant": None,
        "route": "debugging/bug_fixing",
        "source": "benchmark",
        "table_version": "v-table",
        "sticky": True,
        "switch_reason": None,
        "evidence": "proven",
        "accuracy": 0.9,
        "accuracy_low": 0.8,
        "avg_cost_usd": 0.001,
    }
    return Decision(**(given | changes))


def classification(**changes: Any) -> Classification:
    given = {
        "task_type": "debugging",
        "subtask_type": "bug_fixing",
        "context_complexity": "small",
        "reasoning_complexity": "low",
        "risk_level": "low",
        "execution_mode": "code_change",
        "requires_tools": False,
        "confidence": 0.9,
    }
    return Classification(**(given | changes))
