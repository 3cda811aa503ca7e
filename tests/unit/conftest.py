"""A small taxonomy for the pure floors, so that no test depends on the golden data."""

from typing import Any

import msgspec
import pytest
from hypothesis import settings

from routelab.records import Classification
from routelab.taxonomy import Taxonomy

settings.register_profile("unit", deadline=None, max_examples=80)
settings.load_profile("unit")


def _subtask(name: str, *keywords: str) -> dict[str, Any]:
    return {
        "id": name,
        "description": f"What {name} is.",
        "use_when": [f"{name} is wanted"],
        "avoid_when": [f"anything but {name} is wanted"],
        "examples": [f"please do {name}"],
        "keywords": list(keywords),
    }


def _task(name: str, *subtasks: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "description": f"What {name} is.",
        "use_when": [f"{name} is meant"],
        "avoid_when": [],
        "subtask_types": list(subtasks),
    }


def _axis(name: str, *values: str) -> dict[str, Any]:
    described = [{"id": value, "description": f"When {name} is {value}."} for value in values]
    return {"id": name, "description": f"What {name} is.", "values": described}


@pytest.fixture
def taxonomy_dict() -> dict[str, Any]:
    """A taxonomy of four routes, as its file says it."""
    return {
        "version": "v7",
        "name": "two-kinds",
        "description": "Two kinds of work.",
        "task_types": [
            _task("debugging", _subtask("bug_fixing", "bug", "crash"), _subtask("test_repair", "flaky test")),
            _task("refactoring", _subtask("code_cleanup", "Tidy Up"), _subtask("migration", "migrate")),
        ],
        "axes": [
            _axis("context_complexity", "small", "medium", "large"),
            _axis("reasoning_complexity", "low", "medium", "high"),
            _axis("risk_level", "low", "medium", "high"),
            _axis("execution_mode", "answer_only", "code_change"),
        ],
        "flags": [{"id": "requires_tools", "description": "Whether files must be read."}],
        "tie_breaking": ["1. The explicit ask wins.", "2. Else the first."],
        "fallback": {
            "task_type": "refactoring",
            "subtask_type": "migration",
            "context_complexity": "medium",
            "reasoning_complexity": "medium",
            "risk_level": "medium",
            "execution_mode": "code_change",
            "requires_tools": False,
        },
    }


@pytest.fixture
def taxonomy(taxonomy_dict: dict[str, Any]) -> Taxonomy:
    """The same taxonomy, read."""
    return msgspec.convert(taxonomy_dict, type=Taxonomy)


@pytest.fixture
def labels() -> dict[str, Any]:
    """The seven graded fields of a valid classification."""
    return {
        "task_type": "debugging",
        "subtask_type": "bug_fixing",
        "context_complexity": "small",
        "reasoning_complexity": "low",
        "risk_level": "high",
        "execution_mode": "code_change",
        "requires_tools": True,
    }


@pytest.fixture
def classification(labels: dict[str, Any]) -> Classification:
    """The same, as a record."""
    return Classification(**labels)
