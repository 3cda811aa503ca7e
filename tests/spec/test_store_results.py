"""Attempts, summaries and lane failures in the store."""

import pytest
from tests.spec.samples import ATLAS, CEDAR, ROUTES, attempt, full_attempt, lane_failure, summary

from routelab.errors import StoreError
from routelab.store import Store


def test_attempts_read_back_as_they_were_in_the_order_committed(running: Store) -> None:
    written = [attempt(3), full_attempt(), attempt(2, candidate=ATLAS, cost_usd=None, score=None, latency_ms=None)]
    running.results.add_attempts(written)
    assert running.results.attempts("decider-1") == written
    assert running.results.attempts("decider-2") == []


def test_a_retry_adds_a_row(running: Store) -> None:
    failed = attempt(1, status="infrastructure", score=None, error_kind="unreachable")
    retried = attempt(1, number=2)
    running.results.add_attempts([failed])
    running.results.add_attempts([retried])
    assert running.results.attempts("decider-1") == [failed, retried]


def test_one_attempt_that_stands_already_keeps_all_out(running: Store) -> None:
    running.results.add_attempts([attempt(2)])
    with pytest.raises(StoreError, match="an attempt is stored already"):
        running.results.add_attempts([attempt(1), attempt(2), attempt(3)])
    assert running.results.attempts("decider-1") == [attempt(2)]


@pytest.mark.parametrize("difference", [{"candidate": ATLAS}, {"repetition": 2}, {"number": 2}, {"case_id": "other-1"}])
def test_attempts_differ_by_candidate_case_repetition_and_number(running: Store, difference: dict[str, object]) -> None:
    running.results.add_attempts([attempt(1), attempt(1, **difference)])
    assert len(running.results.attempts("decider-1")) == 2


def test_an_attempt_needs_its_run(running: Store) -> None:
    with pytest.raises(StoreError, match="or its run is not"):
        running.results.add_attempts([attempt(run_id="decider-9")])


def test_ten_thousand_attempts_in_one_call(running: Store) -> None:
    many = [attempt(number) for number in range(10_000)]
    running.results.add_attempts(many)
    assert running.results.attempts("decider-1") == many


def test_ten_thousand_attempts_are_all_or_none(running: Store) -> None:
    running.results.add_attempts([attempt(9_999)])
    with pytest.raises(StoreError, match="stored already"):
        running.results.add_attempts([attempt(number) for number in range(10_000)])
    assert running.results.attempts("decider-1") == [attempt(9_999)]


def test_no_attempts_are_no_trouble(running: Store) -> None:
    running.results.add_attempts([])
    assert running.results.attempts("decider-1") == []


@pytest.mark.parametrize("value", [{"output_prefix": "half \ud800"}, {"prompt_tokens": 2**70}])
def test_a_value_that_no_database_holds_is_a_store_error(running: Store, value: dict[str, object]) -> None:
    with pytest.raises(StoreError):
        running.results.add_attempts([attempt(1), attempt(2, **value)])
    assert running.results.attempts("decider-1") == []


def test_spent_money_adds_up_with_what_attempts_of_unknown_cost_have_spent(running: Store) -> None:
    assert running.results.spent_usd("decider-1") == 0.0
    costs = ((0.25, 0.25), (None, 0.125), (0.5, 0.5), (None, 0.0))
    running.results.add_attempts(
        [attempt(number, cost_usd=cost, spent_usd=spent) for number, (cost, spent) in enumerate(costs)]
    )
    assert running.results.spent_usd("decider-1") == 0.875
    assert running.results.spent_usd("decider-2") == 0.0


def test_summaries_read_back_as_written_and_are_replaced_as_a_whole(running: Store) -> None:
    first = [summary(ROUTES[0]), summary(None, CEDAR, carried_from="decider-0", route_accuracy=0.5)]
    running.results.write_summaries("decider-1", first)
    assert running.results.summaries("decider-1") == first
    unknown = summary(ROUTES[1], accuracy=None, accuracy_low=None, accuracy_high=None, avg_cost_usd=None, costed=0)
    running.results.write_summaries("decider-1", [unknown])
    assert running.results.summaries("decider-1") == [unknown]


def test_summaries_of_an_unknown_run_are_refused(running: Store) -> None:
    with pytest.raises(StoreError):
        running.results.write_summaries("decider-9", [summary()])


def test_many_summaries_are_written_at_once(running: Store) -> None:
    many = [summary(f"route/{number}") for number in range(2_500)]
    running.results.write_summaries("decider-1", many)
    assert running.results.summaries("decider-1") == many


def test_lane_failures_come_oldest_first(running: Store) -> None:
    failures = [lane_failure("first"), lane_failure("second: ü")]
    for failure in failures:
        running.results.add_lane_failure(failure)
    assert running.results.lane_failures("decider-1") == failures
    assert running.results.lane_failures("decider-2") == []
