"""Grading of classifications."""

from collections.abc import Mapping
from typing import Any

import msgspec

from routelab.records import GRADED_FIELDS, Classification

WEIGHTS: dict[str, float] = {
    "task_type": 0.25,
    "reasoning_complexity": 0.20,
    "context_complexity": 0.15,
    "execution_mode": 0.15,
    "subtask_type": 0.10,
    "requires_tools": 0.10,
    "risk_level": 0.05,
}


def grade_classification(
    expected: Classification | Mapping[str, Any], actual: Classification | Mapping[str, Any] | None
) -> float:
    """The weighted share (0 to 1) of the seven graded fields that agree.

    None (no classification) and a fallback score 0. A field that is missing, or whose value has
    another type (1 for true), does not agree.
    """
    if actual is None:
        return 0.0
    want, got = _fields(expected), _fields(actual)
    if got.get("fallback"):
        return 0.0
    agreed = sum(WEIGHTS[field] for field in GRADED_FIELDS if _same(want[field], got.get(field)))
    return round(agreed, 10)


def _fields(record: Classification | Mapping[str, Any]) -> Mapping[str, Any]:
    return record if isinstance(record, Mapping) else msgspec.structs.asdict(record)


def _same(want: Any, got: Any) -> bool:
    return type(want) is type(got) and bool(want == got)
