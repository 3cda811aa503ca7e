"""Drafts of new decider cases, until nothing is missing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from routelab.datasets.faults import faults_of
from routelab.datasets.load import lines_of, read_case
from routelab.errors import DatasetError, UserError
from routelab.records import DeciderCase
from routelab.taxonomy import Taxonomy

_TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TODO = "TODO"


def case_id(route: str, topic: str) -> str:
    """The id of a case: `task-subtask-topic`; UserError when the topic is not in kebab-case."""
    if not _TOPIC.fullmatch(topic):
        raise UserError(f"a topic is a few words in kebab-case, such as `off-by-one`, not {topic!r}")
    return f"{route.replace('/', '-').replace('_', '-')}-{topic}"


def write_draft(folder: Path, route: str, topic: str, *, workspace: bool) -> Path:
    """Write the scaffold of a case below `drafts/` of a dataset folder, with its folders."""
    key = case_id(route, topic)
    path = folder / "drafts" / f"{key}.json"
    draft: dict[str, Any] = {
        "id": key,
        "route": route,
        "difficulty": _TODO,
        "system_prompt": None,
        "user_prompt": _TODO,
        "workspace": f"workspaces/{key}" if workspace else None,
        "setup": None,
        "check": {"kind": "exact", "value": _TODO},
        "solution": {"answer": _TODO},
        "distractors": [{"answer": _TODO}, {"answer": _TODO}],
        "proof": {"kind": "code", "code": _TODO},
        "rationale": _TODO,
        "timeout_s": 180,
    }
    if workspace:
        command = "python3 -B -m unittest -q hidden_test"
        draft["check"] = {"kind": "command", "command": command, "hidden": f"hidden/{key}"}
        draft["solution"] = {"commands": _TODO}
        draft["distractors"] = [{"commands": _TODO}, {"commands": _TODO}]
        draft["proof"] = {"kind": "check"}
        for name in ("workspaces", "hidden"):
            (folder / name / key).mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(draft), indent=2) + b"\n")
    return path


def missing(path: Path, folder: Path, taxonomy: Taxonomy) -> list[str]:
    """What a draft still lacks, as sentences; empty when it is a complete, sound case.

    Raises DatasetError when the file cannot be read as JSON.
    """
    try:
        draft = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise DatasetError(f"{path}: {error}") from error
    unwritten = [f"{field}: is not written yet" for field in _unwritten(draft, "")]
    if unwritten:
        return unwritten + _empty_folders(draft, folder)
    case = read_case(path, 1, msgspec.json.encode(draft), DeciderCase)
    return [*faults_of(case, folder, taxonomy), *_empty_folders(draft, folder)]


def adopt(path: Path, folder: Path) -> None:
    """Append a complete draft to the dataset's cases and remove the draft; DatasetError if the id is taken."""
    case = read_case(path, 1, path.read_bytes(), DeciderCase)
    cases = folder / "cases.jsonl"
    taken = lines_of(cases) if cases.exists() else ()
    if any(read_case(cases, number, line, DeciderCase).id == case.id for number, line in taken):
        raise DatasetError(f"{cases} has a case {case.id} already")
    with cases.open("ab") as file:
        file.write(msgspec.json.encode(case) + b"\n")
    path.unlink()


def _unwritten(value: Any, place: str) -> Iterator[str]:
    if value == _TODO:
        yield place
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unwritten(item, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unwritten(item, f"{place}[{number}]")


def _empty_folders(draft: dict[str, Any], folder: Path) -> list[str]:
    check = draft.get("check")
    names = [draft.get("workspace"), check.get("hidden") if isinstance(check, dict) else None]
    return [f"{name}: holds no file yet" for name in names if name and not any((folder / name).rglob("*"))]
