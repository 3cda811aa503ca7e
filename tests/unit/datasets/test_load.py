import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.datasets import load_classifier, load_decider
from routelab.datasets.load import read_case
from routelab.errors import DatasetError
from routelab.records import DeciderCase


def test_cases_come_in_the_order_of_the_file(decider: Path, decider_rows: list[dict[str, Any]]) -> None:
    dataset = load_decider(decider)
    assert [case.id for case in dataset.cases] == [row["id"] for row in decider_rows]
    assert dataset.name == "decider/v1"
    assert dataset.folder == decider


def test_classifier_cases_are_read(classifier: Path) -> None:
    dataset = load_classifier(classifier)
    assert len(dataset.cases) == 16
    assert dataset.cases[0].expected.route == "debugging/bug_fixing"
    assert dataset.cases[0].input.user_prompt_prefix == "bug_fixing0 now"


def test_blank_lines_count_as_lines_but_not_as_cases(decider: Path) -> None:
    cases = decider / "cases.jsonl"
    lines = cases.read_text().splitlines()
    cases.write_text("\n".join([lines[0], "", "  ", lines[1], "{"]))
    with pytest.raises(DatasetError, match=r"cases\.jsonl:5: not JSON"):
        load_decider(decider)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"difficulty": "hard"}, "difficulty: Invalid enum value 'hard'"),
        ({"check": {"kind": "regex", "pattern": "("}}, "check: pattern does not compile"),
        ({"check": {"kind": "regex", "pattern": "a{99999999999999999999}"}}, "check: pattern does not compile"),
        ({"check": {"kind": "all_of", "checks": [{"kind": "exact"}]}}, "check.checks[0].value: "),
        ({"solution": {}}, "solution: needs an answer"),
        ({"timeout_s": "60"}, "timeout_s: Expected `int`"),
        ({"extra": 1}, "case: Object contains unknown field `extra`"),
        ({"rationale": None}, "rationale: "),
    ],
)
def test_a_fault_reads_file_line_field_and_what(decider: Path, change: dict[str, Any], field: str) -> None:
    cases = decider / "cases.jsonl"
    lines = cases.read_text().splitlines()
    lines[2] = json.dumps({**json.loads(lines[2]), **change})
    cases.write_text("\n".join(lines))
    with pytest.raises(DatasetError) as caught:
        load_decider(decider)
    assert str(caught.value).startswith(f"{cases}:3: {field}")


def test_a_missing_field_is_named(decider: Path) -> None:
    cases = decider / "cases.jsonl"
    row = json.loads(cases.read_text().splitlines()[0])
    del row["rationale"]
    cases.write_text(json.dumps(row))
    with pytest.raises(DatasetError, match=r"cases\.jsonl:1: rationale: .*missing"):
        load_decider(decider)


def test_a_repeated_id_names_both_lines(decider: Path) -> None:
    cases = decider / "cases.jsonl"
    lines = cases.read_text().splitlines()
    cases.write_text("\n".join([*lines, lines[3]]))
    with pytest.raises(DatasetError, match=r"cases\.jsonl:17: id: .* stands already in line 4"):
        load_decider(decider)


def test_what_is_no_dataset_is_told(tmp_path: Path, decider: Path) -> None:
    with pytest.raises(DatasetError, match=r"is no dataset: cannot read manifest\.json"):
        load_decider(tmp_path)
    (decider / "cases.jsonl").write_text("\n\n")
    with pytest.raises(DatasetError, match="holds no case"):
        load_decider(decider)
    (decider / "cases.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"cannot read .*cases\.jsonl"):
        load_decider(decider)
    (decider / "manifest.json").write_text('{"name": "decider"}')
    with pytest.raises(DatasetError, match=r"manifest\.json: .*missing"):
        load_decider(decider)


@given(st.binary(max_size=80) | st.sampled_from([b"[" * 100_000, b'{"id":' * 5000, b"\xff", b'"\xed\xa0\x80"']))
def test_no_line_crashes_the_reader(line: bytes) -> None:
    with pytest.raises(DatasetError, match=r"^cases\.jsonl:7: "):
        read_case(Path("cases.jsonl"), 7, line, DeciderCase)


def test_a_deeply_nested_value_is_no_crash() -> None:
    nested = b'{"check": {"kind": "json_equal", "value": ' + b"[" * 5000 + b"]" * 5000 + b"}}"
    with pytest.raises(DatasetError, match=r"^cases\.jsonl:1: "):
        read_case(Path("cases.jsonl"), 1, nested, DeciderCase)
