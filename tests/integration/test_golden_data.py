"""The golden datasets in the repository: sound, proved, and able to show what is true."""

import asyncio
from pathlib import Path

import pytest

from routelab.bench.verify import verify
from routelab.datasets import load_classifier, load_decider, validate
from routelab.llm.simulated import load_cast, true_accuracy
from routelab.records import Candidate
from routelab.taxonomy import load_taxonomy

DATASETS = Path(__file__).parents[2] / "datasets"
TAXONOMY = DATASETS / "taxonomy/v1/taxonomy.json"


@pytest.mark.parametrize("name", ["taxonomy/v1", "classifier/v1", "decider/v1"])
def test_every_dataset_is_sound_and_sealed(name: str) -> None:
    assert [str(problem) for problem in validate(DATASETS / name, load_taxonomy(TAXONOMY))] == []


def test_every_task_type_has_a_workspace_case_that_a_command_checks() -> None:
    dataset = load_decider(DATASETS / "decider/v1")
    judged = {
        case.route.split("/")[0]
        for case in dataset.cases
        if case.workspace is not None and "command" in str(case.check.__struct_config__.tag)
    }
    assert judged == set(load_taxonomy(TAXONOMY).subtasks)


def test_case_ids_are_unique_over_both_datasets() -> None:
    tasks = {case.id for case in load_decider(DATASETS / "decider/v1").cases}
    requests = {case.id for case in load_classifier(DATASETS / "classifier/v1").cases}
    assert not tasks & requests


def test_the_cast_tells_candidates_apart_on_the_golden_tasks() -> None:
    cases, cast = load_decider(DATASETS / "decider/v1").cases, load_cast()
    means = {}
    for name in cast.models:
        found = true_accuracy(cast, Candidate(name), cases)
        means[name] = sum(found.values()) / len(found)
    assert max(means.values()) > 0.9
    assert min(means.values()) < 0.4


@pytest.mark.slow
def test_golden_solutions_pass_and_everything_else_fails() -> None:
    dataset = load_decider(DATASETS / "decider/v1")
    verdicts = asyncio.run(verify(dataset.cases, dataset.folder, parallel=2))
    assert len(verdicts) == len(dataset.cases)
    assert {verdict.case_id: verdict.faults for verdict in verdicts if verdict.faults} == {}
