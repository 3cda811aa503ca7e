from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.report import words
from routelab.stats import wilson


@given(st.floats(0.01, 0.97), st.floats(0.5, 0.99))
def test_a_proof_takes_exactly_the_cases_it_says(min_accuracy: float, confidence: float) -> None:
    needed = words.cases_to_prove(min_accuracy, confidence)
    assert needed is not None
    enough, _ = wilson(needed, needed, confidence=confidence)
    assert enough is not None
    assert enough >= min_accuracy
    fewer, _ = wilson(needed - 1, needed - 1, confidence=confidence)
    assert fewer is None or fewer < min_accuracy


def test_certainty_takes_more_cases_than_there_are() -> None:
    assert words.cases_to_prove(1.0, 0.9) is None
    assert "no number of cases is enough" in words.why_unproven(4, 1.0, 0.9)


def test_why_nothing_is_proven_with_the_default_policy() -> None:
    sentence = words.why_unproven(4, 0.75, 0.9)
    assert "every one of its 4 cases on a route right reaches accuracy_low = 59.7%" in sentence
    assert "at least 9 cases a route" in sentence


def test_with_enough_cases_it_is_the_candidates_that_are_not_good_enough() -> None:
    sentence = words.why_unproven(9, 0.75, 0.9)
    assert sentence.startswith("Nothing is proven")
    assert "none was that good" in sentence


def test_a_cost_of_one_is_told_for_a_thousand() -> None:
    assert words.usd_per_thousand(0.00042) == "$0.42"
    assert words.usd_per_thousand(None) == words.UNKNOWN


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0.312, "0.31 ms"),
        (3.0, "3.0 ms"),
        (9.96, "10 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1534.0, "1.53 s"),
    ],
)
def test_times_keep_two_digits_and_change_their_unit_at_a_second(value: float | None, written: str) -> None:
    assert words.milliseconds(value) == written


def test_durations() -> None:
    assert words.duration(timedelta(seconds=9.4)) == "9 s"
    assert words.duration(timedelta(seconds=75)) == "1 min 15 s"
    assert words.duration(timedelta(hours=26, minutes=3, seconds=2)) == "26 h 3 min"
