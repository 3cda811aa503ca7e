"""Sound datasets of the small taxonomy, built anew in a temporary folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routelab.datasets import build_manifest, json_schema
from routelab.datasets.manifest import dump_manifest
from routelab.taxonomy import Taxonomy

Rows = list[dict[str, Any]]
Seal = Callable[[Path], None]


@pytest.fixture
def seal() -> Seal:
    """Write schema and manifest for the files of a dataset folder as they are now."""

    def write(folder: Path) -> None:
        if folder.parent.name != "taxonomy":
            (folder / "quotas.json").write_text(json.dumps({"per_route": 4}))
        (folder / "schema.json").write_text(json.dumps(json_schema(folder.parent.name)))
        manifest = build_manifest(folder, taxonomy_version="v7")
        (folder / "manifest.json").write_bytes(dump_manifest(manifest))

    return write


@pytest.fixture
def write_rows() -> Callable[[Path, Rows], None]:
    """Write `cases.jsonl` of a dataset folder."""

    def write(folder: Path, rows: Rows) -> None:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "cases.jsonl").write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def decider_rows(taxonomy: Taxonomy) -> Rows:
    """Four sound decider cases a route; the very first one works on a workspace."""
    rows: Rows = []
    for route in taxonomy.routes:
        for number in range(4):
            rows.append(
                {
                    "id": f"{route.replace('/', '-').replace('_', '-')}-{number}",
                    "route": route,
                    "difficulty": "low",
                    "system_prompt": None,
                    "user_prompt": f"{route.replace('/', '_')}{number} plus 40?",
                    "workspace": None,
                    "check": {"kind": "exact", "value": str(number + 40)},
                    "solution": {"answer": str(number + 40)},
                    "distractors": [{"answer": "1"}, {"answer": "2"}],
                    "proof": {"kind": "code", "code": f"print({number} + 40)"},
                    "rationale": "Addition.",
                    "timeout_s": 60,
                }
            )
    rows[0] |= {
        "workspace": "workspaces/first",
        "setup": "setup/first.sh",
        "check": {"kind": "command", "command": "test -f done", "hidden": "hidden/first"},
        "solution": {"commands": "touch done"},
        "distractors": [{"commands": "true"}, {"patch": "nothing"}],
        "proof": {"kind": "check"},
    }
    return rows


@pytest.fixture
def decider(tmp_path: Path, decider_rows: Rows, write_rows: Callable[[Path, Rows], None], seal: Seal) -> Path:
    """The folder of a sound decider dataset."""
    folder = tmp_path / "decider" / "v1"
    for name in ("workspaces/first/a.txt", "hidden/first/b.txt", "setup/first.sh"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("content\n")
    write_rows(folder, decider_rows)
    seal(folder)
    return folder


@pytest.fixture
def classifier_rows(taxonomy: Taxonomy, labels: dict[str, Any]) -> Rows:
    """Four sound classifier cases a route."""
    rows: Rows = []
    for route in taxonomy.routes:
        task, _, subtask = route.partition("/")
        for number in range(4):
            rows.append(
                {
                    "id": f"{route.replace('/', '-').replace('_', '-')}-{number}-request",
                    "input": {
                        "api_kind": "messages",
                        "user_prompt_prefix": f"{subtask}{number} now",
                        "message_count": 1,
                    },
                    "expected": {**labels, "task_type": task, "subtask_type": subtask},
                    "rationale": "It says so.",
                }
            )
    return rows


@pytest.fixture
def classifier(tmp_path: Path, classifier_rows: Rows, write_rows: Callable[[Path, Rows], None], seal: Seal) -> Path:
    """The folder of a sound classifier dataset."""
    folder = tmp_path / "classifier" / "v1"
    folder.mkdir(parents=True)
    write_rows(folder, classifier_rows)
    seal(folder)
    return folder
