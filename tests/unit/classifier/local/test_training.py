from pathlib import Path

import pytest

from routelab.classifier.local import LocalClassifier
from routelab.classifier.local.model import LocalModel, dump_model
from routelab.classifier.local.training import train
from routelab.datasets import load_classifier
from routelab.errors import UserError
from routelab.records import ClassifierCase

DATASETS = Path(__file__).parents[4] / "datasets"


def test_the_same_requests_give_the_same_bytes(tiny_cases: list[ClassifierCase], tiny_model: LocalModel) -> None:
    again = train(tiny_cases, taxonomy_version="v7", trained_on="tiny/v1", sha256="0" * 64)
    assert dump_model(again) == dump_model(tiny_model)


def test_a_label_that_is_too_rare_is_refused(tiny_cases: list[ClassifierCase]) -> None:
    with pytest.raises(UserError, match="labels of route"):
        train(tiny_cases[:12], taxonomy_version="v7", trained_on="tiny/v1", sha256="0" * 64)


def test_bytes_are_as_good_as_the_numbers_they_stand_for(tiny: LocalClassifier, tiny_model: LocalModel) -> None:
    assert tiny_model.tokens == len(tiny_model.scales) <= 16_000
    assert max(abs(level - 256 if level > 127 else level) for level in tiny_model.weights) == 127


@pytest.mark.slow
def test_training_anew_predicts_what_the_shipped_model_predicts() -> None:
    dataset = load_classifier(DATASETS / "classifier_train/v1")
    manifest = dataset.manifest
    model = train(
        dataset.cases, taxonomy_version=manifest.taxonomy_version, trained_on=dataset.name, sha256=manifest.sha256
    )
    anew, shipped = LocalClassifier(model, "anew"), LocalClassifier.load()
    for case in (*dataset.cases, *load_classifier(DATASETS / "classifier/v2").cases):
        expected, found = shipped.classify(case.input), anew.classify(case.input)
        assert found.route == expected.route, case.id
        assert found.confidence == pytest.approx(expected.confidence, abs=0.01)
