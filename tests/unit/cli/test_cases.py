import json
import shutil
from pathlib import Path

from tests.unit.cli.conftest import REPOSITORY, Routelab

DECIDER = REPOSITORY / "datasets/decider/v1"


def test_a_case_is_shown_by_its_id(routelab: Routelab) -> None:
    shown = routelab("datasets", "show", "debugging-bug-fixing-page-window")
    assert shown.code == 0
    assert json.loads(shown.out)["route"] == "debugging/bug_fixing"
    unknown = routelab("datasets", "show", "no-such-case")
    assert unknown.code == 2
    assert "there is no case no-such-case" in unknown.err


def test_a_card_is_counted_and_written_between_its_marks(routelab: Routelab, tmp_path: Path) -> None:
    folder = tmp_path / "decider/v1"
    folder.mkdir(parents=True)
    for name in ("cases.jsonl", "manifest.json", "README.md"):
        shutil.copy(DECIDER / name, folder)
    printed = routelab("datasets", "card", str(folder))
    assert "| all | 72 |" in printed.out
    card = (folder / "README.md").read_text()
    assert routelab("datasets", "card", str(folder), "--write").code == 0
    assert (folder / "README.md").read_text() == card, "the committed card is up to date"
    (folder / "README.md").write_text("no marks")
    assert routelab("datasets", "card", str(folder), "--write").code == 2


def test_a_new_case_is_drafted_told_what_it_lacks_and_adopted(routelab: Routelab, tmp_path: Path) -> None:
    folder = tmp_path / "decider/v9"
    folder.mkdir(parents=True)
    arguments = ("datasets", "new-case", str(folder), "debugging/bug_fixing", "product", "--no-workspace")
    first = routelab(*arguments)
    assert first.code == 0
    assert "user_prompt: is not written yet" in first.out
    path = folder / "drafts/debugging-bug-fixing-product.json"
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
    assert "is a case now" in routelab(*arguments).out
    assert json.loads((folder / "cases.jsonl").read_text())["id"] == "debugging-bug-fixing-product"


def test_a_sealed_version_takes_no_new_case(routelab: Routelab, tmp_path: Path) -> None:
    folder = tmp_path / "decider/v1"
    folder.mkdir(parents=True)
    shutil.copy(DECIDER / "manifest.json", folder)
    refused = routelab("datasets", "new-case", str(folder), "debugging/bug_fixing", "product")
    assert refused.code == 2
    assert "is sealed" in refused.err
    assert not (folder / "drafts").exists()


def test_a_route_outside_the_taxonomy_takes_no_case(routelab: Routelab, tmp_path: Path) -> None:
    refused = routelab("datasets", "new-case", str(tmp_path), "debugging/magic", "product")
    assert refused.code == 2
    assert "there is no route debugging/magic" in refused.err


def test_a_sealed_version_is_not_sealed_again(routelab: Routelab, tmp_path: Path) -> None:
    folder = tmp_path / "decider/v1"
    folder.mkdir(parents=True)
    shutil.copy(DECIDER / "manifest.json", folder)
    before = (folder / "manifest.json").read_bytes()
    refused = routelab("datasets", "seal", str(folder))
    assert refused.code == 2
    assert "is sealed" in refused.err
    assert (folder / "manifest.json").read_bytes() == before


def test_a_mistyped_folder_takes_no_case(routelab: Routelab, tmp_path: Path) -> None:
    refused = routelab("datasets", "new-case", str(tmp_path / "deicder/v3"), "debugging/bug_fixing", "product")
    assert refused.code == 2
    assert not (tmp_path / "deicder").exists()
