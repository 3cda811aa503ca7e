from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.samples import attempt

from routelab.bench.outcomes import (
    cell_of,
    failures_by_cell,
    finished_cells,
    is_given_up,
    outcomes,
    ungraded_cells,
)
from routelab.causes import FATAL_KINDS, OUTAGE_KINDS, RETRYABLE_KINDS
from routelab.records import Attempt


def failed(number: int, kind: str = "unreachable", case: int = 1, **more: Any) -> Attempt:
    return attempt(case, number=number, status="infrastructure", score=None, error_kind=kind, **more)


@pytest.mark.parametrize(
    ("kinds", "given_up"),
    [
        ([], False),
        (["unreachable"], False),
        (["unreachable", "sandbox"], False),
        (["server_error", "timeout", "rate_limited"], True),
        (["unreachable", "timeout", "rate_limited"], False),
        (["unreachable", "timeout", "rate_limited", "timeout"], True),
        (["unreachable"] * 5 + ["engine_down"] * 3, False),
        (["unreachable"] * 5 + ["engine_down"] * 4, True),
        (["rejected"], True),
        (["unreachable", "unknown_model"], True),
        (["budget"] * 9, False),
        (["unauthorized", "no_credit", "budget", "unreachable", "server_error"], False),
        (["budget", "bad_response", "bad_response", "bad_response"], True),
    ],
)
def test_when_a_cell_is_given_up(kinds: list[str], given_up: bool) -> None:
    assert is_given_up(kinds, infrastructure_attempts=3) is given_up


@given(st.lists(st.sampled_from(sorted(RETRYABLE_KINDS | FATAL_KINDS))), st.integers(1, 5))
def test_what_stopped_the_run_is_no_try(kinds: list[str], tries: int) -> None:
    without = [kind for kind in kinds if kind not in FATAL_KINDS]
    given_up = is_given_up(kinds, infrastructure_attempts=tries)
    assert given_up == is_given_up(without, infrastructure_attempts=tries)
    own = sum(kind not in OUTAGE_KINDS for kind in without)
    assert given_up == (own >= tries or len(without) >= 3 * tries)


def test_the_last_graded_attempt_of_a_cell_counts() -> None:
    rows = [failed(1), attempt(1, number=2, score=0.0), attempt(2), attempt(1, number=3, score=1.0), failed(4)]
    assert outcomes(rows) == [rows[3], rows[2]]


def test_a_cell_is_finished_when_it_is_graded_or_given_up() -> None:
    rows = [
        failed(1),
        attempt(1, number=2),
        failed(1, case=2),
        failed(1, "rejected", case=3),
        failed(1, "budget", case=4),
        failed(1, "timeout", case=5),
        failed(2, "timeout", case=5),
        failed(1, "unreachable", case=6),
        failed(2, "unreachable", case=6),
    ]
    finished = {case_id for _, _, case_id in finished_cells(rows, infrastructure_attempts=2)}
    assert finished == {"debugging-case-1", "debugging-case-3", "debugging-case-5"}
    ungraded = [case_id for _, _, case_id in ungraded_cells(rows)]
    assert ungraded == [f"debugging-case-{number}" for number in (2, 3, 4, 5, 6)]


def test_cells_differ_by_repetition() -> None:
    rows = [failed(1), attempt(1, repetition=2)]
    assert finished_cells(rows, infrastructure_attempts=2) == {cell_of(rows[1])}
    assert failures_by_cell(rows) == {cell_of(rows[0]): ["unreachable"]}
