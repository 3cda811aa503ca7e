from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.samples import ATLAS, CEDAR, ROUTES, attempt

from routelab.bench import summarise
from routelab.records import Attempt, Summary
from routelab.stats import wilson


def summaries(attempts: list[Attempt], repetitions: int = 1, **more: Any) -> dict[str | None, Summary]:
    """The summaries of CEDAR by route."""
    given_ = {"candidates": [CEDAR], "routes": ROUTES, "confidence": 0.9, **more}
    return {item.route: item for item in summarise(attempts, repetitions=repetitions, **given_)}


def test_a_route_and_the_whole() -> None:
    rows = [
        attempt(1, score=1.0, cost_usd=0.1, latency_ms=10.0),
        attempt(2, score=0.0, cost_usd=0.3, latency_ms=30.0, error_kind="truncated"),
        attempt(3, route=ROUTES[1], score=1.0, cost_usd=None, latency_ms=20.0),
    ]
    found = summaries(rows)
    first, second, whole = found[ROUTES[0]], found[ROUTES[1]], found[None]
    assert (first.cases, first.accuracy, first.errors) == (2, 0.5, 1)
    assert (first.avg_cost_usd, first.costed) == (pytest.approx(0.2), 2)
    assert (first.p50_latency_ms, first.p95_latency_ms) == (10.0, 30.0)
    assert (second.cases, second.accuracy, second.avg_cost_usd, second.costed) == (1, 1.0, None, 0)
    assert (whole.cases, whole.accuracy, whole.attempts, whole.costed) == (3, pytest.approx(2 / 3), 3, 2)
    assert (whole.accuracy_low, whole.accuracy_high) == wilson(2, 3, confidence=0.9)


def test_repetitions_are_not_independent_cases() -> None:
    rows = [attempt(case, repetition=n, score=float(case == 1)) for case in (1, 2) for n in (1, 2, 3, 4, 5)]
    whole = summaries(rows, repetitions=5)[None]
    assert (whole.cases, whole.repetitions, whole.attempts) == (2, 5, 10)
    assert (whole.accuracy_low, whole.accuracy_high) == wilson(1, 2, confidence=0.9)


def test_a_case_counts_once_however_many_of_its_repetitions_were_graded() -> None:
    rows = [attempt(1, repetition=n, score=1.0) for n in (1, 2, 3)]
    rows.append(attempt(2, repetition=1, score=0.0))
    assert summaries(rows, repetitions=3)[None].accuracy == 0.5


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=5), min_size=1, max_size=8))
def test_accuracy_is_the_mean_of_the_cases_means(scores: list[list[float]]) -> None:
    rows = [
        attempt(case, repetition=n, score=score)
        for case, per_case in enumerate(scores)
        for n, score in enumerate(per_case, start=1)
    ]
    whole = summaries(rows, repetitions=5)[None]
    means = [sum(per_case) / len(per_case) for per_case in scores]
    assert whole.accuracy == pytest.approx(sum(means) / len(means), abs=1e-9)
    assert whole.cases == len(scores)


def test_infrastructure_failures_count_apart_and_by_cell() -> None:
    lost = {"status": "infrastructure", "score": None, "cost_usd": 9.0, "latency_ms": 9e9, "error_kind": "timeout"}
    rows = [
        attempt(1, number=1, **lost),
        attempt(1, number=2, score=1.0, cost_usd=0.1, latency_ms=5.0),
        attempt(2, number=1, **lost),
        attempt(2, number=2, **lost),
    ]
    whole = summaries(rows)[None]
    assert (whole.accuracy, whole.cases, whole.infrastructure_failures, whole.attempts) == (1.0, 1, 1, 4)
    assert (whole.avg_cost_usd, whole.p95_latency_ms, whole.errors, whole.timeouts) == (0.1, 5.0, 0, 0)


def test_where_nothing_was_graded_nothing_is_made_up() -> None:
    whole = summaries([])[None]
    assert (whole.cases, whole.attempts, whole.costed) == (0, 0, 0)
    unknown = (whole.accuracy, whole.accuracy_low, whole.accuracy_high, whole.avg_cost_usd, whole.p50_latency_ms)
    assert unknown == (None,) * 5


def test_a_timeout_is_the_models_and_counts() -> None:
    whole = summaries([attempt(1, score=0.0, timed_out=True, error_kind="timeout", cost_usd=None)])[None]
    assert (whole.accuracy, whole.timeouts, whole.errors, whole.avg_cost_usd) == (0.0, 1, 1, None)


def test_candidates_do_not_mix_and_come_in_the_order_given() -> None:
    rows = [attempt(1, candidate=ATLAS, score=1.0), attempt(1, candidate=CEDAR, score=0.0)]
    found = summarise(rows, candidates=[CEDAR, ATLAS], routes=ROUTES, repetitions=1, confidence=0.9)
    assert [(item.candidate, item.accuracy) for item in found if item.route is None] == [(CEDAR, 0.0), (ATLAS, 1.0)]
    assert [item.route for item in found] == [*ROUTES, None] * 2


def test_route_accuracy_is_the_mean_over_cases() -> None:
    rows = [attempt(1, repetition=n, route_correct=n == 1) for n in (1, 2)] + [attempt(2, route_correct=True)]
    assert summaries(rows, repetitions=2)[None].route_accuracy == 0.75
    assert summaries([attempt(1)])[None].route_accuracy is None
