from itertools import permutations
from typing import Any

import pytest

from routelab.ranking import pick_classifier_winner
from routelab.records import Candidate, Summary


def row(
    model: str, accuracy: float | None, cost: float | None, p95: float | None = 100.0, cases: int = 72
) -> dict[str, Any]:
    return {"model": model, "accuracy": accuracy, "avg_cost_usd": cost, "p95_latency_ms": p95, "cases": cases}


@pytest.mark.parametrize(
    ("rows", "limit", "winner"),
    [
        ([row("dear", 0.9, 2.0), row("cheap", 0.8, 1.0), row("weak", 0.7, 0.1)], 1000, "cheap"),
        ([row("cheap", 0.8, 1.0, 1001), row("dear", 0.9, 2.0, 1000)], 1000, "dear"),
        ([row("cheap", 0.8, 1.0, 1001), row("dear", 0.9, 2.0, 1000)], None, "cheap"),
        ([row("cheap", 0.8, 1.0, 1000), row("dear", 0.9, 2.0, 500)], 1000, "cheap"),
        ([row("slow", 0.8, 1.0, 3000), row("slower", 0.9, 0.5, 4000), row("weak", 0.1, 0.1, 1)], 1000, "slow"),
        ([row("a", 0.5, 2.0), row("b", 0.6, 3.0), row("c", 0.6, 1.0)], 1000, "c"),
        ([row("unknown", 0.9, None), row("known", 0.8, 99.0)], 1000, "known"),
        ([row("unknown", 0.9, None)], 1000, "unknown"),
        ([row("unknown", 0.6, None), row("known", 0.6, 99.0)], 1000, "known"),
        ([row("untimed", 0.9, 0.1, None), row("timed", 0.8, 1.0, 900)], 1000, "timed"),
        ([row("untimed", 0.9, 0.1, None), row("timed", 0.8, 1.0, 9000)], 1000, "timed"),
        ([row("ungraded", None, 0.1), row("graded", 0.1, 5.0)], 1000, "graded"),
        ([row("empty", 0.9, 0.1, cases=0), row("graded", 0.8, 5.0)], 1000, "graded"),
        ([row("exactly", 0.75, 0.1), row("above", 0.76, 0.2)], 1000, "exactly"),
    ],
)
def test_the_winner_of_the_contract_in_any_order(rows: list[dict[str, Any]], limit: float | None, winner: str) -> None:
    for ordered in permutations(rows):
        chosen = pick_classifier_winner(ordered, min_accuracy=0.75, max_p95_latency_ms=limit)
        assert chosen is not None
        assert chosen["model"] == winner


def test_nothing_graded_gives_no_winner() -> None:
    assert pick_classifier_winner([], min_accuracy=0.75) is None
    assert pick_classifier_winner([row("a", None, 1.0), row("b", 0.9, 1.0, cases=0)], min_accuracy=0.75) is None


def test_the_very_summary_is_given_back() -> None:
    summaries = [
        Summary(
            candidate=Candidate("m", variant),
            route=None,
            cases=72,
            repetitions=1,
            accuracy=0.8,
            accuracy_low=0.7,
            accuracy_high=0.9,
            avg_cost_usd=cost,
            costed=72,
            p50_latency_ms=1.0,
            p95_latency_ms=2.0,
            attempts=72,
            infrastructure_failures=0,
            errors=0,
            timeouts=0,
        )
        for variant, cost in ((None, 0.2), ("low", 0.1))
    ]
    assert pick_classifier_winner(summaries, min_accuracy=0.75) is summaries[1]


def test_accuracy_zero_is_not_good_enough_even_for_a_threshold_of_zero() -> None:
    chosen = pick_classifier_winner([row("nothing", 0.0, 0.0), row("little", 0.1, 9.0)], min_accuracy=0.0)
    assert chosen is not None
    assert chosen["model"] == "little"
