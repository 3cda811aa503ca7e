import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routelab.datasets import load_classifier, load_decider, validate, validate_together
from routelab.taxonomy import Taxonomy

Rows = list[dict[str, Any]]
Write = Callable[[Path, Rows], None]
Seal = Callable[[Path], None]


def faults(folder: Path, taxonomy: Taxonomy) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in validate(folder, taxonomy)]


def test_sound_datasets_have_no_fault(decider: Path, classifier: Path, taxonomy: Taxonomy) -> None:
    assert faults(decider, taxonomy) == []
    assert faults(classifier, taxonomy) == []


def test_a_taxonomy_is_a_dataset_too(
    tmp_path: Path, taxonomy: Taxonomy, taxonomy_dict: dict[str, Any], seal: Seal
) -> None:
    folder = tmp_path / "taxonomy" / "v7"
    folder.mkdir(parents=True)
    (folder / "taxonomy.json").write_text(json.dumps(taxonomy_dict))
    seal(folder)
    assert faults(folder, taxonomy) == []
    (folder / "taxonomy.json").write_text(json.dumps({**taxonomy_dict, "flags": []}))
    seal(folder)
    (fault,) = faults(folder, taxonomy)
    assert fault.startswith("taxonomy.json: flags must be requires_tools alone")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"difficulty": "hard"}, "difficulty: Invalid enum value 'hard'"),
        ({"route": "debugging/migration"}, "route: 'debugging/migration' is not in the taxonomy"),
        ({"distractors": [{"answer": "1"}]}, "distractors: 1 given; at least 2 are needed"),
        ({"check": {"kind": "files", "files": {"a": "b"}}}, "check: looks at a workspace, but the case has none"),
        ({"solution": {"commands": "true"}}, "solution.answer: a check of the message needs one"),
        ({"solution": {"answer": "7"}}, "solution.answer: fails the check"),
        ({"distractors": [{"answer": "1"}, {"answer": "43"}]}, "distractors: number 2 passes the check"),
        ({"distractors": [{"answer": "1"}, {"commands": "x"}]}, "distractors: number 2 has no answer"),
        ({"workspace": "workspaces/none"}, "workspace: no folder workspaces/none"),
        ({"workspace": "workspaces/first", "setup": "setup/none.sh"}, "setup: no file setup/none.sh"),
        (
            {
                "workspace": "workspaces/first",
                "check": {"kind": "all_of", "checks": [{"kind": "command", "command": "true", "hidden": "hidden/no"}]},
            },
            "check.hidden: no folder hidden/no",
        ),
    ],
)
def test_a_faulty_decider_case_names_line_and_field(
    decider: Path,
    decider_rows: Rows,
    taxonomy: Taxonomy,
    write_rows: Write,
    seal: Seal,
    change: dict[str, Any],
    fault: str,
) -> None:
    extra = {**decider_rows[-1], "id": "one-more", "user_prompt": "Forty and three?", **change}
    write_rows(decider, [*decider_rows, extra])
    seal(decider)
    (found,) = faults(decider, taxonomy)
    assert found.startswith(f"cases.jsonl:17: {fault}")


@pytest.mark.parametrize(
    ("where", "change", "fault"),
    [
        ("expected", {"risk_level": "none"}, "expected.risk_level: 'none' is not in the taxonomy"),
        ("expected", {"fallback": True}, "expected.fallback: "),
        ("expected", {"requires_tools": "yes"}, "expected.requires_tools: Expected `bool`"),
        ("input", {"user_prompt_prefix": "x" * 1001}, "input.user_prompt_prefix: "),
        (
            "input",
            {"latest_user_prompt_prefix": "Another one", "message_count": 3},
            "input.latest_user_prompt_prefix: ",
        ),
        ("input", {"latest_user_prompt_prefix": "Other"}, "input.message_count: "),
        ("input", {"surprise": 1}, "input: Object contains unknown field `surprise`"),
    ],
)
def test_a_faulty_classifier_case_names_line_and_field(
    classifier: Path,
    classifier_rows: Rows,
    taxonomy: Taxonomy,
    write_rows: Write,
    seal: Seal,
    where: str,
    change: dict[str, Any],
    fault: str,
) -> None:
    last = classifier_rows[-1]
    fresh = {**last, "input": {**last["input"], "user_prompt_prefix": "Another one"}}
    extra = {**fresh, "id": "one-more", where: {**fresh[where], **change}}
    write_rows(classifier, [*classifier_rows, extra])
    seal(classifier)
    (found,) = faults(classifier, taxonomy)
    assert found.startswith(f"cases.jsonl:17: {fault}")


def test_all_faults_are_found_not_only_the_first(
    decider: Path, decider_rows: Rows, taxonomy: Taxonomy, write_rows: Write, seal: Seal
) -> None:
    decider_rows[1]["difficulty"] = "hard"
    decider_rows[5]["id"] = decider_rows[4]["id"]
    write_rows(decider, decider_rows)
    with (decider / "cases.jsonl").open("a") as file:
        file.write("{not json\n")
    seal(decider)
    found = faults(decider, taxonomy)
    assert len(found) == 5
    assert found[0].startswith("cases.jsonl:2: difficulty: ")
    assert found[1].startswith("cases.jsonl:6: id: ")
    assert found[1].endswith("stands already in line 5")
    assert found[2].startswith("cases.jsonl:17: not JSON: ")
    assert found[3] == "cases.jsonl: route debugging/bug_fixing has 3 cases; at least 4 are asked for"
    assert found[4] == "cases.jsonl: route debugging/test_repair has 3 cases; at least 4 are asked for"


def test_prompts_that_are_nearly_the_same_are_named_by_line(
    decider: Path, decider_rows: Rows, taxonomy: Taxonomy, write_rows: Write, seal: Seal
) -> None:
    long = "Please add up the even numbers of the second column and say which row is the largest"
    decider_rows[2]["user_prompt"] = f"{long} today"
    decider_rows[9]["user_prompt"] = f"{long} now"
    write_rows(decider, decider_rows)
    seal(decider)
    assert faults(decider, taxonomy) == ["cases.jsonl:10: prompt: is 87% the same as that of line 3"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"user_prompt": "Look into /home/ann/project"}, "user_prompt: has an absolute path (/home/ann)"),
        ({"user_prompt": "Use ghp_abcdefghijklmnopqrstu"}, "user_prompt: has what looks like a credential"),
        ({"check": {"kind": "regex", "pattern": "^(4+)+3$"}}, "check.pattern: one repetition without bound"),
    ],
)
def test_what_no_case_may_contain(
    decider: Path,
    decider_rows: Rows,
    taxonomy: Taxonomy,
    write_rows: Write,
    seal: Seal,
    change: dict[str, Any],
    fault: str,
) -> None:
    decider_rows[-1] |= change
    write_rows(decider, decider_rows)
    seal(decider)
    found = faults(decider, taxonomy)
    assert any(text.startswith(f"cases.jsonl:16: {fault}") for text in found), found


def test_equal_ids_and_shared_text_between_datasets_are_found(
    decider: Path,
    decider_rows: Rows,
    classifier: Path,
    classifier_rows: Rows,
    write_rows: Write,
    seal: Seal,
) -> None:
    assert validate_together([load_decider(decider), load_classifier(classifier)]) == []
    decider_rows[0]["id"] = classifier_rows[0]["id"]
    decider_rows[1]["user_prompt"] = "Why does the nightly export lose its last row?"
    classifier_rows[2]["input"]["user_prompt_prefix"] = "tell me: does the nightly export lose rows"
    write_rows(decider, decider_rows)
    write_rows(classifier, classifier_rows)
    seal(decider)
    seal(classifier)
    found = [str(problem) for problem in validate_together([load_decider(decider), load_classifier(classifier)])]
    assert found == [
        f"decider/v1 and classifier/v1: both have a case {classifier_rows[0]['id']}",
        f"decider/v1 and classifier/v1: {decider_rows[1]['id']} and {classifier_rows[2]['id']} "
        "share 'does the nightly export lose'",
    ]


def test_a_route_without_enough_cases_is_named(
    classifier: Path, classifier_rows: Rows, taxonomy: Taxonomy, write_rows: Write, seal: Seal
) -> None:
    write_rows(classifier, classifier_rows[1:])
    seal(classifier)
    assert faults(classifier, taxonomy) == [
        "cases.jsonl: route debugging/bug_fixing has 3 cases; at least 4 are asked for"
    ]


def test_an_edit_after_sealing_is_named_by_file(decider: Path, taxonomy: Taxonomy) -> None:
    (decider / "workspaces/first/a.txt").write_text("edited")
    (decider / "hidden/first/new.txt").write_text("new")
    (decider / "setup/first.sh").unlink()
    found = faults(decider, taxonomy)
    for name in ("hidden/first/new.txt", "setup/first.sh", "workspaces/first/a.txt"):
        assert any(fault.startswith(f"{name}: is not as it was sealed") for fault in found)
    assert any("setup: no file setup/first.sh" in fault for fault in found)


@pytest.mark.parametrize("content", [None, "{}", "not json"])
def test_a_schema_that_is_not_the_datas_is_named(decider: Path, taxonomy: Taxonomy, content: str | None) -> None:
    schema = decider / "schema.json"
    schema.unlink()
    if content is not None:
        schema.write_text(content)
    assert any(fault.startswith("schema.json: is not the schema of this data") for fault in faults(decider, taxonomy))


def test_a_manifest_that_lies_is_found(decider: Path, taxonomy: Taxonomy) -> None:
    path = decider / "manifest.json"
    sealed = json.loads(path.read_text())
    path.write_text(json.dumps({**sealed, "sha256": "0" * 64}))
    assert faults(decider, taxonomy) == ["manifest.json: sha256: does not match the files it lists"]
    path.write_text(json.dumps({**sealed, "version": "v2"}))
    assert faults(decider, taxonomy) == ["manifest.json: names decider/v2"]
    path.write_text(json.dumps({**sealed, "name": "poems"}))
    assert faults(decider, taxonomy) == ["manifest.json: name: no such kind of dataset: poems"]


def test_a_folder_without_manifest_or_cases_is_one_fault(decider: Path, taxonomy: Taxonomy, seal: Seal) -> None:
    (decider / "cases.jsonl").unlink()
    seal(decider)
    (fault,) = faults(decider, taxonomy)
    assert fault.startswith("cannot read ")
    shutil.rmtree(decider)
    (fault,) = faults(decider, taxonomy)
    assert "is no dataset" in fault
