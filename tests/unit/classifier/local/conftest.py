"""A tiny training set that a linear model separates, and the model trained on it."""

from itertools import product

import pytest

from routelab.classifier.local import LocalClassifier
from routelab.classifier.local.model import LocalModel, dump_model, read_model
from routelab.classifier.local.training import train
from routelab.records import Classification, ClassifierCase, NormalisedRequest

_ASKS = {
    ("debugging", "bug_fixing"): "fix the crash in {}",
    ("debugging", "test_repair"): "repair the flaky test of {}",
    ("refactoring", "migration"): "migrate {} to the new version",
}
_THINGS = ("the parser", "billing", "the queue", "login", "the exporter", "search", "the mailer", "sync")


def make_cases() -> list[ClassifierCase]:
    """24 requests of three routes; the other fields go with the route or the thing."""
    cases = []
    for ((task, sub), ask), (number, thing) in product(_ASKS.items(), enumerate(_THINGS)):
        expected = Classification(
            task_type=task,
            subtask_type=sub,
            context_complexity="large" if sub == "migration" else "small",
            reasoning_complexity="high" if number % 2 else "low",
            risk_level="medium" if task == "refactoring" else "low",
            execution_mode="code_change" if task == "debugging" else "answer_only",
            requires_tools=task == "debugging",
        )
        request = NormalisedRequest(api_kind="messages", user_prompt_prefix=ask.format(thing))
        name = f"{sub.replace('_', '-')}-{number}-train"
        cases.append(ClassifierCase(id=name, input=request, expected=expected, rationale="made for a test"))
    return cases


@pytest.fixture(scope="session")
def tiny_cases() -> list[ClassifierCase]:
    return make_cases()


@pytest.fixture(scope="session")
def tiny_model(tiny_cases: list[ClassifierCase]) -> LocalModel:
    return train(tiny_cases, taxonomy_version="v7", trained_on="tiny/v1", sha256="0" * 64)


@pytest.fixture(scope="session")
def tiny(tiny_model: LocalModel, tmp_path_factory: pytest.TempPathFactory) -> LocalClassifier:
    """The tiny model, through a file."""
    path = tmp_path_factory.mktemp("model") / "tiny.model"
    path.write_bytes(dump_model(tiny_model))
    return LocalClassifier(*read_model(path))
