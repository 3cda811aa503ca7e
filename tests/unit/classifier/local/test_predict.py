import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier.local import LocalClassifier
from routelab.datasets import read_manifest
from routelab.errors import UserError
from routelab.records import GRADED_FIELDS, ClassifierCase, NormalisedRequest
from routelab.taxonomy import Taxonomy, load_taxonomy

DATASETS = Path(__file__).parents[4] / "datasets"
SHIPPED = LocalClassifier.load()
TAXONOMY = load_taxonomy(DATASETS / "taxonomy/v1/taxonomy.json")

# Lone surrogates and null bytes as well: nothing that can be in a str may stop a request.
any_text = st.none() | st.text(st.characters(exclude_categories=[]), max_size=1000)
requests = st.builds(
    NormalisedRequest,
    api_kind=st.sampled_from(["chat_completions", "responses", "messages"]),
    requested_model=any_text,
    system_prompt_prefix=any_text,
    user_prompt_prefix=any_text,
    latest_user_prompt_prefix=any_text,
    message_count=st.integers(0, 10**9),
    has_tools=st.booleans(),
    stream=st.booleans(),
)


@given(requests)
def test_every_request_gets_a_valid_answer_and_always_the_same(request: NormalisedRequest) -> None:
    found = SHIPPED.classify(request)
    assert TAXONOMY.misfits({field: getattr(found, field) for field in GRADED_FIELDS}) == []
    assert found.confidence is not None
    assert 0 <= found.confidence <= 1
    assert not found.fallback
    assert SHIPPED.classify(request) == found


@pytest.mark.parametrize("text", ["a" * 100_000, "a/" * 50_000, "\n" * 50_000, "漢" * 50_000, "-" * 100_000])
def test_even_a_request_past_the_bounds_is_answered(text: str) -> None:
    assert SHIPPED.classify(NormalisedRequest(api_kind="messages", user_prompt_prefix=text)).confidence is not None


def test_nothing_to_go_by_gives_an_unsure_answer() -> None:
    found = SHIPPED.classify(NormalisedRequest(api_kind="messages"))
    assert found.confidence is not None
    assert found.confidence < 0.5


def test_plain_requests_are_sorted_right() -> None:
    asked = {
        "Where is the session timeout configured?": "investigation/repo_exploration",
        "write unit tests for the tax calculator, with edge cases": "implementation/test_creation",
        "rebase my branch onto main and push it": "agentic_execution/terminal_operations",
    }
    for text, route in asked.items():
        assert SHIPPED.classify(NormalisedRequest(api_kind="messages", user_prompt_prefix=text)).route == route


def test_the_tiny_model_has_learnt_its_requests(tiny: LocalClassifier, tiny_cases: list[ClassifierCase]) -> None:
    for case in tiny_cases:
        found = tiny.classify(case.input)
        assert (found.route, found.requires_tools) == (case.expected.route, case.expected.requires_tools)
        assert found.context_complexity == case.expected.context_complexity


def test_a_shared_task_type_wins_over_the_likeliest_route(tiny: LocalClassifier) -> None:
    assert tiny.model.heads[0].labels == ("debugging/bug_fixing", "debugging/test_repair", "refactoring/migration")
    assert tiny.best_route(np.array([0.33, 0.27, 0.40])) == 0  # .25 * .60 + .10 * .33 is above .25 * .40 + .10 * .40
    assert tiny.best_route(np.array([0.1, 0.2, 0.7])) == 2


def test_another_taxonomy_is_refused(taxonomy: Taxonomy, tiny: LocalClassifier) -> None:
    tiny.require(taxonomy)
    with pytest.raises(UserError, match="another taxonomy"):
        SHIPPED.require(taxonomy)


def test_the_shipped_model_fits_the_shipped_data() -> None:
    manifest = read_manifest(DATASETS / "classifier_train/v1")
    assert SHIPPED.model.trained_on == "classifier_train/v1"
    assert SHIPPED.model.trained_on_sha256 == manifest.sha256
    SHIPPED.require(TAXONOMY)


def test_serving_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from routelab.classifier.local import LocalClassifier; from routelab.records import *; "
        "LocalClassifier.load().classify(NormalisedRequest(api_kind='messages', user_prompt_prefix='fix it')); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"sklearn", "scipy", "joblib"}


def test_the_classifier_package_itself_needs_no_numpy() -> None:
    code = "import sys, routelab.classifier; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
