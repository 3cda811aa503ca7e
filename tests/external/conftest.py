"""Real outcome data of others, read as attempts."""

import csv
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from routelab.records import Attempt, Candidate

_WHEN = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def data() -> Path:
    return Path(os.environ["ROUTELAB_EXTERNAL_DATA"])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_attempts(rows: Iterable[tuple[str, str, str, str, str]]) -> list[Attempt]:
    """(model, route, case, score, cost) as text; a blank score is unknown and left out, a blank cost unknown."""
    return [
        Attempt(
            run_id="external",
            candidate=Candidate(model),
            case_id=f"{route}/{case}",
            route=route,
            repetition=1,
            number=1,
            status="graded",
            score=float(score),
            latency_ms=None,
            cost_usd=float(cost) if cost else None,
            spent_usd=float(cost or 0),
            started_at=_WHEN,
            ended_at=_WHEN,
        )
        for model, route, case, score, cost in rows
        if score
    ]
