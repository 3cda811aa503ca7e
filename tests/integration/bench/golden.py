"""A small golden dataset of two routes, and a cast whose skills are known."""

import json
from pathlib import Path
from typing import Any

import msgspec

from routelab.datasets import load_classifier, load_decider, seal
from routelab.llm.simulated import Cast, World
from routelab.taxonomy import load_taxonomy

ROUTES = ("debugging/bug_fixing", "planning/design")
PER_ROUTE = 6
CASES = len(ROUTES) * PER_ROUTE
AXES = {
    "context_complexity": ("small", "medium", "large"),
    "reasoning_complexity": ("low", "medium", "high"),
    "risk_level": ("low", "medium", "high"),
    "execution_mode": ("answer_only", "code_change"),
}
SORTED: dict[str, Any] = {
    "context_complexity": "small",
    "reasoning_complexity": "low",
    "risk_level": "low",
    "execution_mode": "code_change",
    "requires_tools": True,
}


def write(folder: Path) -> Path:
    """Write taxonomy, classifier and decider dataset under `folder`, and return it."""
    taxonomy = folder / "taxonomy/v1"
    taxonomy.mkdir(parents=True)
    (taxonomy / "taxonomy.json").write_text(json.dumps(_taxonomy()))
    seal(taxonomy, taxonomy_version="v1")
    _write_cases(folder / "classifier/v1", [_request(route, n) for n in range(PER_ROUTE) for route in ROUTES])
    decider = folder / "decider/v1"
    (decider / "workspaces/bug").mkdir(parents=True)
    (decider / "workspaces/bug/number.txt").write_text("0\n")
    (decider / "hidden/bug").mkdir(parents=True)
    (decider / "hidden/bug/check.sh").write_text('test "$(cat number.txt)" = 137 && test -f made-by-setup\n')
    (decider / "setup").mkdir()
    (decider / "setup/bug.sh").write_text("touch made-by-setup\n")
    _write_cases(decider, [_task(route, n) for n in range(PER_ROUTE) for route in ROUTES])
    return folder


def reseal(folder: Path) -> None:
    """Seal a dataset anew after a change."""
    seal(folder, taxonomy_version="v1")


def world(folder: Path) -> World:
    """What a simulated endpoint has to know."""
    return World(
        load_taxonomy(folder / "taxonomy/v1/taxonomy.json"),
        load_classifier(folder / "classifier/v1").cases,
        load_decider(folder / "decider/v1").cases,
    )


def cast(**shares: float) -> Cast:
    """`sim/sure` is always right, `sim/wrong` never, `sim/half` now and then; `shares` spoil all of them."""
    skills = {"sim/sure": 1.0, "sim/wrong": 0.0, "sim/half": 0.5}
    models = {
        name: {
            "context_length": 1000,
            "input_usd_per_million": 1.0,
            "output_usd_per_million": 10.0,
            "latency": {"median_ms": 100, "spread": 0.0},
            "skill": {"default": skill},
            "classifier_skill": skill,
            "shares": shares,
            "variants": {"high": {}},
        }
        for name, skill in skills.items()
    }
    return msgspec.convert({"concentration": 3.0, "models": models}, type=Cast)


def _write_cases(folder: Path, cases: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    seal(folder, taxonomy_version="v1")


def _task(route: str, number: int) -> dict[str, Any]:
    in_workspace = route == ROUTES[0] and number == 0
    answered = {
        "user_prompt": f"What is the answer to question {number} about {route}?",
        "workspace": None,
        "check": {"kind": "exact", "value": "137"},
        "solution": {"answer": "137"},
        "distractors": [{"answer": "1"}, {"answer": "139"}],
    }
    worked = {
        "user_prompt": "Put the right number into number.txt.",
        "workspace": "workspaces/bug",
        "setup": "setup/bug.sh",
        "check": {"kind": "command", "command": "sh check.sh", "hidden": "hidden/bug"},
        "solution": {"commands": "echo 137 > number.txt"},
        "distractors": [{"commands": "echo 1 > number.txt"}, {"commands": "rm number.txt"}],
    }
    return {
        "id": f"{route.replace('/', '-').replace('_', '-')}-{number}",
        "route": route,
        "difficulty": "low",
        "system_prompt": None,
        "proof": {"kind": "check"},
        "rationale": "made for a test",
        "timeout_s": 30,
        **(worked if in_workspace else answered),
    }


def _request(route: str, number: int) -> dict[str, Any]:
    task, _, subtask = route.partition("/")
    return {
        "id": f"sort-{subtask.replace('_', '-')}-{number}",
        "input": {
            "api_kind": "chat_completions",
            "user_prompt_prefix": f"Request {number} for {subtask}, please",
            "message_count": 1,
        },
        "expected": {**SORTED, "task_type": task, "subtask_type": subtask},
        "rationale": "made for a test",
    }


def _taxonomy() -> dict[str, Any]:
    rules: dict[str, list[str]] = {"use_when": [], "avoid_when": []}
    task_types = [
        {
            "id": task,
            "description": task,
            **rules,
            "subtask_types": [{"id": sub, "description": sub, **rules, "examples": [], "keywords": [sub]}],
        }
        for task, _, sub in (route.partition("/") for route in ROUTES)
    ]
    axes = [
        {"id": axis, "description": axis, "values": [{"id": value, "description": value} for value in values]}
        for axis, values in AXES.items()
    ]
    return {
        "version": "v1",
        "name": "small",
        "description": "two kinds of work",
        "task_types": task_types,
        "axes": axes,
        "flags": [{"id": "requires_tools", "description": "tools"}],
        "tie_breaking": [],
        "fallback": {**SORTED, "task_type": "debugging", "subtask_type": "bug_fixing"},
    }
