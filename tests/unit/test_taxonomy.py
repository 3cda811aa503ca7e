import json
from pathlib import Path
from typing import Any

import pytest

from routelab.errors import DatasetError
from routelab.taxonomy import Taxonomy, load_taxonomy


def write(path: Path, document: Any) -> Path:
    file = path / "taxonomy.json"
    file.write_text(json.dumps(document))
    return file


def test_routes_come_in_the_order_of_the_file(taxonomy: Taxonomy) -> None:
    assert taxonomy.routes == (
        "debugging/bug_fixing",
        "debugging/test_repair",
        "refactoring/code_cleanup",
        "refactoring/migration",
    )
    assert taxonomy.subtasks["debugging"] == ("bug_fixing", "test_repair")
    assert taxonomy.vocabulary["risk_level"] == {"low", "medium", "high"}


def test_a_taxonomy_file_is_read(tmp_path: Path, taxonomy_dict: dict[str, Any], taxonomy: Taxonomy) -> None:
    assert load_taxonomy(write(tmp_path, taxonomy_dict)) == taxonomy


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"task_type": "other"}, ["task_type", "subtask_type"]),
        ({"task_type": ["debugging"]}, ["task_type", "subtask_type"]),
        ({"subtask_type": "migration"}, ["subtask_type"]),
        ({"context_complexity": "huge"}, ["context_complexity"]),
        ({"risk_level": {"low": 1}}, ["risk_level"]),
        ({"requires_tools": 1}, ["requires_tools"]),
        ({"requires_tools": None, "reasoning_complexity": None}, ["reasoning_complexity", "requires_tools"]),
    ],
)
def test_misfits(taxonomy: Taxonomy, labels: dict[str, Any], change: dict[str, Any], wrong: list[str]) -> None:
    assert taxonomy.misfits({**labels, **change}) == wrong


def test_everything_is_missing_from_nothing(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.misfits({})) == 7


def edited(document: dict[str, Any], case: str) -> dict[str, Any]:
    tasks, fallback = document["task_types"], document["fallback"]
    if case == "task twice":
        tasks[1]["id"] = tasks[0]["id"]
    elif case == "subtask twice":
        tasks[0]["subtask_types"][1]["id"] = "bug_fixing"
    elif case == "value twice":
        document["axes"][0]["values"][1]["id"] = "small"
    elif case == "axis missing":
        document["axes"].pop()
    elif case == "other flag":
        document["flags"][0]["id"] = "urgent"
    elif case == "fallback route":
        fallback["subtask_type"] = "bug_fixing"
    elif case == "fallback extra":
        fallback["confidence"] = 0.5
    elif case == "bad id":
        tasks[0]["id"] = "Bug Fixing"
    elif case == "no subtask":
        tasks[0]["subtask_types"] = []
    elif case == "unknown key":
        tasks[0]["note"] = "x"
    return document


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ("task twice", "task_types: id 'debugging' stands twice"),
        ("subtask twice", "subtask_types of debugging: id 'bug_fixing' stands twice"),
        ("value twice", "values of context_complexity: id 'small' stands twice"),
        ("axis missing", "axes must be context_complexity, reasoning_complexity, risk_level, execution_mode"),
        ("other flag", "flags must be requires_tools alone"),
        ("fallback route", "fallback is no valid classification: subtask_type"),
        ("fallback extra", "fallback has unknown fields: confidence"),
        ("bad id", "task_types"),
        ("no subtask", "length >= 1"),
        ("unknown key", "note"),
    ],
)
def test_a_faulty_taxonomy_names_file_and_fault(
    tmp_path: Path, taxonomy_dict: dict[str, Any], case: str, complaint: str
) -> None:
    file = write(tmp_path, edited(taxonomy_dict, case))
    with pytest.raises(DatasetError) as caught:
        load_taxonomy(file)
    assert str(file) in str(caught.value)
    assert complaint in str(caught.value)


def test_a_missing_or_broken_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cannot read the taxonomy .*No such file"):
        load_taxonomy(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(DatasetError, match=r"broken\.json"):
        load_taxonomy(tmp_path / "broken.json")
