"""Small synthetic worlds and casts."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from routelab.llm.simulated import Cast, Player, World
from routelab.records import Candidate, ClassifierCase, DeciderCase
from routelab.taxonomy import Taxonomy

AXES = {
    "context_complexity": ("small", "medium", "large"),
    "reasoning_complexity": ("low", "medium", "high"),
    "risk_level": ("low", "medium", "high"),
    "execution_mode": ("answer_only", "code_change"),
}
EXPECTED = {
    "task_type": "debugging",
    "subtask_type": "bug_fixing",
    "context_complexity": "medium",
    "reasoning_complexity": "high",
    "risk_level": "low",
    "execution_mode": "code_change",
    "requires_tools": True,
}
TASKS = {"debugging": ("bug_fixing", "test_repair"), "planning": ("design", "estimate", "review")}


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    rules: dict[str, list[str]] = {"use_when": [], "avoid_when": []}
    tasks = [
        {
            "id": task,
            "description": task,
            **rules,
            "subtask_types": [
                {"id": sub, "description": sub, **rules, "examples": [], "keywords": [sub]} for sub in subs
            ],
        }
        for task, subs in TASKS.items()
    ]
    axes = [
        {"id": axis, "description": axis, "values": [{"id": value, "description": value} for value in values]}
        for axis, values in AXES.items()
    ]
    return msgspec.convert(
        {
            "version": "v1",
            "name": "small",
            "description": "two kinds of work",
            "task_types": tasks,
            "axes": axes,
            "flags": [{"id": "requires_tools", "description": "tools"}],
            "tie_breaking": [],
            "fallback": EXPECTED,
        },
        type=Taxonomy,
    )


@pytest.fixture(scope="session")
def make_task() -> Callable[..., DeciderCase]:
    def make(number: int = 1, **changes: Any) -> DeciderCase:
        case = {
            "id": f"debugging-task-{number}",
            "route": "debugging/bug_fixing",
            "difficulty": "medium",
            "system_prompt": None,
            "user_prompt": f"Which exit code does job {number:05d} end with?",
            "workspace": None,
            "check": {"kind": "exact", "value": "137"},
            "solution": {"answer": "137"},
            "distractors": [{"answer": "1"}, {"answer": "139"}, {"answer": "143"}],
            "proof": {"kind": "check"},
            "rationale": "killed",
            "timeout_s": 60,
        }
        return msgspec.convert({**case, **changes}, type=DeciderCase)

    return make


@pytest.fixture(scope="session")
def make_sorting() -> Callable[..., ClassifierCase]:
    def make(number: int = 1, **expected: Any) -> ClassifierCase:
        case = {
            "id": f"debugging-sorting-{number}-request",
            "input": {
                "api_kind": "chat_completions",
                "user_prompt_prefix": f"Please mend bug {number:05d}",
                "message_count": 1,
            },
            "expected": {**EXPECTED, **expected},
            "rationale": "a bug",
        }
        return msgspec.convert(case, type=ClassifierCase)

    return make


@pytest.fixture(scope="session")
def make_cast() -> Callable[..., Cast]:
    """A cast of one model, `sim/one`, that is always right, at once and unspoilt unless told otherwise."""

    def make(**changes: Any) -> Cast:
        model = {
            "context_length": 1000,
            "input_usd_per_million": 1.0,
            "output_usd_per_million": 10.0,
            "latency": {"median_ms": 100, "spread": 0.2},
            "skill": {"default": 1.0},
            "classifier_skill": 1.0,
        }
        return msgspec.convert({"concentration": 3.0, "models": {"sim/one": {**model, **changes}}}, type=Cast)

    return make


@pytest.fixture(scope="session")
def make_player(make_cast: Callable[..., Cast]) -> Callable[..., Player]:
    def make(variant: str | None = None, **changes: Any) -> Player:
        return make_cast(**changes).player(Candidate("sim/one", variant))

    return make


@pytest.fixture(scope="session")
def world(
    taxonomy: Taxonomy,
    make_task: Callable[..., DeciderCase],
    make_sorting: Callable[..., ClassifierCase],
) -> World:
    """Ten cases of each kind."""
    numbers = range(1, 11)
    return World(taxonomy, [make_sorting(number) for number in numbers], [make_task(number) for number in numbers])
