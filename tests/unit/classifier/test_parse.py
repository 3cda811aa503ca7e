import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routelab.classifier import ParseFailure, parse
from routelab.records import GRADED_FIELDS, Classification
from routelab.taxonomy import Taxonomy


@pytest.mark.parametrize("frame", ["{}", "  {}\n", "```json\n{}\n```", "```\n{}\n```"])
def test_one_object_alone_or_alone_in_a_fence(taxonomy: Taxonomy, labels: dict[str, Any], frame: str) -> None:
    answer = frame.replace("{}", json.dumps({**labels, "confidence": 0.8}))
    assert parse(answer, taxonomy) == Classification(**labels, confidence=0.8)


def test_confidence_may_be_left_out_and_is_then_unknown(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    for given_labels in (labels, {**labels, "confidence": None}):
        parsed = parse(json.dumps(given_labels), taxonomy)
        assert isinstance(parsed, Classification)
        assert parsed.confidence is None
        assert not parsed.fallback


@pytest.mark.parametrize("answer", ["", " \n\t"])
def test_stage_empty(taxonomy: Taxonomy, answer: str) -> None:
    assert parse(answer, taxonomy) == ParseFailure("empty")


@pytest.mark.parametrize("frame", ["Sure: {}", "{} {}", "[{}]", "{}\nHope it helps", "```json\n{}\n```\nDone", '"{'])
def test_stage_json(taxonomy: Taxonomy, labels: dict[str, Any], frame: str) -> None:
    assert parse(frame.replace("{}", json.dumps(labels)), taxonomy) == ParseFailure("json")


@pytest.mark.parametrize("answer", ["null", "3", '"x"', "[]", "{", "[" * 100_000, '{"confidence": ' + "9" * 5000 + "}"])
def test_what_is_no_object_is_no_crash(taxonomy: Taxonomy, answer: str) -> None:
    assert parse(answer, taxonomy) == ParseFailure("json")


def test_stage_keys_names_missing_unknown_and_repeated(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    del labels["risk_level"]
    answer = json.dumps({**labels, "reason": "because"})[:-1] + ', "task_type": "debugging"}'
    failure = parse(answer, taxonomy)
    assert failure == ParseFailure("keys", ("risk_level", "reason", "task_type"))
    assert str(failure) == "keys: risk_level, reason, task_type"


def test_fallback_is_no_key_a_model_may_set(taxonomy: Taxonomy, labels: dict[str, Any]) -> None:
    assert parse(json.dumps({**labels, "fallback": False}), taxonomy) == ParseFailure("keys", ("fallback",))


def test_many_made_up_keys_are_named_in_part(taxonomy: Taxonomy) -> None:
    failure = parse(json.dumps({f"{number:05}" * 30: 1 for number in range(20_000)}), taxonomy)
    assert isinstance(failure, ParseFailure)
    assert failure.fields[: len(GRADED_FIELDS)] == GRADED_FIELDS
    assert len(str(failure)) < 500


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"task_type": "Debugging"}, ("task_type", "subtask_type")),
        ({"subtask_type": "migration"}, ("subtask_type",)),
        ({"task_type": "refactoring"}, ("subtask_type",)),
        ({"risk_level": "extreme", "execution_mode": None}, ("risk_level", "execution_mode")),
        ({"context_complexity": {"small": 1}}, ("context_complexity",)),
        ({"task_type": ["debugging"]}, ("task_type", "subtask_type")),
        ({"requires_tools": "true"}, ("requires_tools",)),
        ({"requires_tools": 1}, ("requires_tools",)),
        ({"confidence": 1.01}, ("confidence",)),
        ({"confidence": -0.1}, ("confidence",)),
        ({"confidence": "0.5"}, ("confidence",)),
        ({"confidence": True}, ("confidence",)),
        ({"confidence": float("nan")}, ("confidence",)),
    ],
)
def test_stage_values(
    taxonomy: Taxonomy, labels: dict[str, Any], change: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    assert parse(json.dumps({**labels, **change}), taxonomy) == ParseFailure("values", wrong)


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4) | st.sampled_from(["debugging", "bug_fixing", "low"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
objects = st.dictionaries(st.sampled_from([*GRADED_FIELDS, "confidence", "extra"]), values)
answers = st.text() | st.text('{}[]":,`\n truefals0.eN', max_size=60) | objects.map(json.dumps)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(answers)
def test_any_answer_is_a_valid_classification_or_a_failure(taxonomy: Taxonomy, answer: str) -> None:
    parsed = parse(answer, taxonomy)
    if isinstance(parsed, ParseFailure):
        assert parsed.stage in ("empty", "json", "keys", "values")
        assert bool(parsed.fields) == (parsed.stage in ("keys", "values"))
    else:
        assert parsed.route in taxonomy.routes
