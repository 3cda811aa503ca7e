from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.grading import WEIGHTS, grade_classification
from routelab.records import GRADED_FIELDS, Classification


def test_the_weights_of_the_contract() -> None:
    assert WEIGHTS == {
        "task_type": 0.25,
        "reasoning_complexity": 0.20,
        "context_complexity": 0.15,
        "execution_mode": 0.15,
        "subtask_type": 0.10,
        "requires_tools": 0.10,
        "risk_level": 0.05,
    }


def test_agreement_in_everything_is_one(labels: dict[str, Any], classification: Classification) -> None:
    assert grade_classification(classification, classification) == 1.0
    assert grade_classification(labels, classification) == 1.0
    assert grade_classification(classification, {**labels, "confidence": 0.1}) == 1.0


@pytest.mark.parametrize("field", GRADED_FIELDS)
def test_each_field_costs_its_weight(field: str, labels: dict[str, Any]) -> None:
    wrong = {**labels, field: not labels[field] if field == "requires_tools" else "other"}
    missing = {name: value for name, value in labels.items() if name != field}
    for actual in (wrong, missing):
        assert grade_classification(labels, actual) == pytest.approx(1 - WEIGHTS[field])


def test_no_classification_and_a_fallback_score_nothing(labels: dict[str, Any], classification: Classification) -> None:
    assert grade_classification(classification, None) == 0
    assert grade_classification(classification, msgspec.structs.replace(classification, fallback=True)) == 0
    assert grade_classification(labels, {**labels, "fallback": True}) == 0


def test_one_is_not_true(labels: dict[str, Any]) -> None:
    assert grade_classification(labels, {**labels, "requires_tools": 1}) == pytest.approx(0.9)


@given(st.sets(st.sampled_from(GRADED_FIELDS)))
def test_the_score_is_the_sum_of_the_agreed_weights(agreed: set[str]) -> None:
    expected = dict.fromkeys(GRADED_FIELDS, "x") | {"requires_tools": True}
    actual = {field: value for field, value in expected.items() if field in agreed}
    score = grade_classification(expected, actual)
    assert 0 <= score <= 1
    assert score == pytest.approx(sum(WEIGHTS[field] for field in agreed))
