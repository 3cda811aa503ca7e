"""The golden datasets in the repository: sound, proved, and able to show what is true."""

import asyncio
from pathlib import Path

import pytest

from routelab.bench.verify import verify
from routelab.config import load_config
from routelab.datasets import load_cases, load_classifier, load_decider, validate, validate_together
from routelab.datasets.card import card_tables, read_double_labels
from routelab.llm.simulated import load_cast, true_accuracy
from routelab.records import Candidate
from routelab.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
DATASETS = ROOT / "datasets"
TAXONOMY = load_taxonomy(DATASETS / "taxonomy/v1/taxonomy.json")
VERSIONS = sorted(path.parent.relative_to(DATASETS).as_posix() for path in DATASETS.glob("*/v*/manifest.json"))
CURRENT = ("classifier/v2", "decider/v2", "classifier_train/v1")


def test_the_example_configuration_measures_the_newest_versions() -> None:
    config = load_config(ROOT / "routelab.toml")
    assert (config.classifier.dataset, config.decider.dataset) == CURRENT[:2]


@pytest.mark.parametrize("name", VERSIONS)
def test_every_dataset_is_sound_and_sealed(name: str) -> None:
    assert [str(problem) for problem in validate(DATASETS / name, TAXONOMY)] == []


@pytest.mark.parametrize("name", [name for name in VERSIONS if not name.startswith("taxonomy")])
def test_every_card_states_what_the_data_holds(name: str) -> None:
    folder = DATASETS / name
    tables = card_tables(load_cases(folder).cases, TAXONOMY, read_double_labels(folder))
    card = (folder / "README.md").read_text(encoding="utf-8")
    if name != "classifier/v1":
        assert tables in card


def test_datasets_that_belong_together_share_no_id_and_no_text() -> None:
    assert [str(problem) for problem in validate_together([load_cases(DATASETS / name) for name in CURRENT])] == []


def test_both_readers_labelled_every_request() -> None:
    folder = DATASETS / "classifier/v2"
    labelled = {item.id for item in read_double_labels(folder)}
    assert labelled == {case.id for case in load_classifier(folder).cases}


@pytest.mark.parametrize("name", ["decider/v1", "decider/v2"])
def test_every_task_type_has_a_workspace_case_that_a_command_checks(name: str) -> None:
    judged = {
        case.route.split("/")[0]
        for case in load_decider(DATASETS / name).cases
        if case.workspace is not None and case.check.__struct_config__.tag == "command"
    }
    assert judged == set(TAXONOMY.subtasks)


def test_the_cast_tells_candidates_and_difficulties_apart() -> None:
    cases, cast = load_decider(DATASETS / "decider/v2").cases, load_cast()
    means = {}
    for name in cast.models:
        candidate = Candidate(name)
        by_difficulty = []
        for difficulty in ("low", "medium", "high"):
            found = true_accuracy(cast, candidate, [case for case in cases if case.difficulty == difficulty])
            by_difficulty.append(sum(found.values()) / len(found))
        assert by_difficulty == sorted(by_difficulty, reverse=True), name
        means[name] = sum(by_difficulty) / 3
    assert max(means.values()) > 0.85
    assert min(means.values()) < 0.4


@pytest.mark.slow
@pytest.mark.parametrize("name", ["decider/v1", "decider/v2"])
def test_golden_solutions_pass_and_everything_else_fails(name: str) -> None:
    dataset = load_decider(DATASETS / name)
    verdicts = asyncio.run(verify(dataset.cases, dataset.folder, parallel=2))
    assert len(verdicts) == len(dataset.cases)
    assert {verdict.case_id: verdict.faults for verdict in verdicts if verdict.faults} == {}
