import json
from pathlib import Path

import pytest

from routelab.datasets import load_decider
from routelab.datasets.draft import adopt, case_id, missing, write_draft
from routelab.errors import DatasetError, UserError
from routelab.taxonomy import Taxonomy

ROUTE = "debugging/bug_fixing"


def complete(path: Path) -> None:
    draft = json.loads(path.read_text())
    draft |= {
        "difficulty": "low",
        "user_prompt": "How much is seven times six?",
        "check": {"kind": "exact", "value": "42"},
        "solution": {"answer": "42"},
        "distractors": [{"answer": "13"}, {"answer": "48"}],
        "proof": {"kind": "code", "code": "print(7 * 6)"},
        "rationale": "Multiplication.",
    }
    path.write_text(json.dumps(draft))


def test_a_new_draft_says_field_by_field_what_it_lacks(decider: Path, taxonomy: Taxonomy) -> None:
    path = write_draft(decider, ROUTE, "off-by-one", workspace=True)
    lacking = missing(path, decider, taxonomy)
    assert "user_prompt: is not written yet" in lacking
    assert "distractors[1].commands: is not written yet" in lacking
    assert "workspaces/debugging-bug-fixing-off-by-one: holds no file yet" in lacking


def test_a_complete_draft_becomes_a_case(decider: Path, taxonomy: Taxonomy) -> None:
    path = write_draft(decider, ROUTE, "product", workspace=False)
    complete(path)
    assert missing(path, decider, taxonomy) == []
    adopt(path, decider)
    assert not path.exists()
    assert load_decider(decider).cases[-1].id == "debugging-bug-fixing-product"


def test_a_written_draft_is_checked_like_a_case(decider: Path, taxonomy: Taxonomy) -> None:
    path = write_draft(decider, ROUTE, "product", workspace=False)
    complete(path)
    path.write_text(path.read_text().replace('{"answer": "48"}', '{"answer": "42"}'))
    assert missing(path, decider, taxonomy) == ["distractors: number 2 passes the check"]


def test_an_id_that_is_taken_is_refused_and_the_draft_kept(decider: Path) -> None:
    path = write_draft(decider, ROUTE, "0", workspace=False)
    complete(path)
    before = (decider / "cases.jsonl").read_bytes()
    with pytest.raises(DatasetError, match="has a case debugging-bug-fixing-0 already"):
        adopt(path, decider)
    assert path.exists()
    assert (decider / "cases.jsonl").read_bytes() == before


@pytest.mark.parametrize("topic", ["Off By One", "off_by_one", "", "a/b"])
def test_a_topic_is_kebab_case(topic: str) -> None:
    with pytest.raises(UserError, match="kebab-case"):
        case_id(ROUTE, topic)
