from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.ranking import rank
from routelab.records import Candidate, Summary, TableCandidate


def row(model: str, accuracy: float | None, cost: float | None, **more: Any) -> dict[str, Any]:
    return {"model": model, "variant": None, "accuracy": accuracy, "avg_cost_usd": cost, "cases": 10, **more}


def proven(model: str, accuracy: float, cost: float) -> dict[str, Any]:
    return row(model, accuracy, cost, accuracy_low=0.75, accuracy_high=1.0)


def unproven(model: str, accuracy: float, cost: float) -> dict[str, Any]:
    return row(model, accuracy, cost, accuracy_low=0.5, accuracy_high=0.95)


def rejected(model: str, accuracy: float, cost: float) -> dict[str, Any]:
    return row(model, accuracy, cost, accuracy_low=0.1, accuracy_high=0.74)


def names(candidates: list[dict[str, Any]], **options: Any) -> list[str]:
    return [candidate.model for candidate in rank(candidates, **{"min_accuracy": 0.75, **options})]


def test_point_ranks_those_that_meet_the_threshold_by_cost_per_accuracy() -> None:
    rows = [row("dear", 1.0, 0.03), row("cheap", 0.76, 0.01), row("middle", 0.8, 0.02)]
    assert names(rows, rule="point") == ["cheap", "middle", "dear"]


def test_cost_is_divided_by_accuracy_not_compared_alone() -> None:
    assert names([row("cheaper", 0.75, 0.9), row("better", 1.0, 1.0)], rule="point") == ["better", "cheaper"]


def test_equal_cost_per_accuracy_goes_to_the_more_accurate() -> None:
    assert names([row("a", 0.75, 0.75), row("b", 1.0, 1.0)], rule="point") == ["b", "a"]
    assert names([row("a", 0.8, 0.0), row("b", 0.9, 0.0)], rule="point") == ["b", "a"]


def test_the_rest_follows_by_accuracy_then_cost() -> None:
    rows = [row("a", 0.5, 0.001), row("b", 0.7, 0.02), row("c", 0.7, 0.01), row("good", 0.75, 9.0)]
    assert names(rows, rule="point") == ["good", "c", "b", "a"]


def test_proven_is_the_default_and_puts_evidence_before_price() -> None:
    rows = [rejected("r", 0.6, 0.001), unproven("u", 0.9, 0.001), proven("p", 0.8, 5.0), unproven("v", 0.74, 0)]
    assert names(rows) == ["p", "u", "v", "r"]
    assert names(rows, rule="point") == ["u", "p", "v", "r"]


def test_evidence_at_the_very_threshold() -> None:
    low, high, none, unknown = rank(
        [
            row("a", 0.9, 1, accuracy_low=0.75, accuracy_high=1.0),
            row("b", 0.8, 2, accuracy_low=0.1, accuracy_high=0.75),
            row("c", 0.75, 3),
            row("d", 0.2, 4, accuracy_low=0.0, accuracy_high=0.7499),
        ],
        min_accuracy=0.75,
    )
    assert [candidate.evidence for candidate in (low, high, none, unknown)] == [
        "proven",
        "unproven",
        "unproven",
        "rejected",
    ]
    assert [candidate.meets_threshold for candidate in (low, high, none, unknown)] == [True, True, True, False]


def test_without_a_graded_case_or_a_known_cost_there_is_no_rank() -> None:
    rows = [
        row("ungraded", None, 1.0),
        row("no_cases", 0.9, 1.0, cases=0),
        row("no_cost", 0.9, None),
        row("free", 0.9, 0.0),
        {"model": "terse", "accuracy": 0.9, "avg_cost_usd": 1.0},
    ]
    assert names(rows) == ["free", "terse"]
    assert names([]) == []


def test_accuracy_zero_never_meets_a_threshold() -> None:
    (candidate,) = rank([row("a", 0.0, 0.0)], min_accuracy=0.0)
    assert not candidate.meets_threshold
    assert names([row("a", 0.0, 0.0), row("b", 0.1, 9.0)], min_accuracy=0.0, rule="point") == ["b", "a"]


def test_summaries_records_and_dicts_rank_alike() -> None:
    summary = Summary(
        candidate=Candidate("m", "high"),
        route="a/b",
        cases=4,
        repetitions=2,
        accuracy=0.8,
        accuracy_low=0.4,
        accuracy_high=0.9,
        avg_cost_usd=0.1,
        costed=8,
        p50_latency_ms=5.0,
        p95_latency_ms=9.0,
        attempts=8,
        infrastructure_failures=0,
        errors=0,
        timeouts=0,
    )
    (ranked,) = rank([summary], min_accuracy=0.75)
    assert ranked == TableCandidate(
        model="m",
        variant="high",
        accuracy=0.8,
        accuracy_low=0.4,
        accuracy_high=0.9,
        cases=4,
        repetitions=2,
        avg_cost_usd=0.1,
        p50_latency_ms=5.0,
        p95_latency_ms=9.0,
        meets_threshold=True,
        evidence="unproven",
    )
    assert rank([ranked], min_accuracy=0.75) == [ranked]


def test_a_judgement_of_another_threshold_is_made_anew() -> None:
    (at_half,) = rank([unproven("m", 0.6, 1.0)], min_accuracy=0.5)
    (at_high,) = rank([at_half], min_accuracy=0.96)
    assert (at_half.meets_threshold, at_half.evidence) == (True, "proven")
    assert (at_high.meets_threshold, at_high.evidence) == (False, "rejected")


@pytest.mark.parametrize(
    "bad",
    [
        row("m", 1.5, 1.0),
        row("m", float("nan"), 1.0),
        row("m", 0.5, float("nan")),
        row("m", 0.5, -1.0),
        row("m", "0.5", 1.0),  # type: ignore[arg-type]
        {"accuracy": 0.5, "avg_cost_usd": 1.0},
    ],
)
def test_a_malformed_candidate_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Expected|missing"):
        rank([bad], min_accuracy=0.75)


@pytest.mark.parametrize("options", [{"rule": "best"}, {"min_accuracy": 1.1}, {"min_accuracy": float("nan")}])
def test_a_malformed_rule_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        rank([], **{"min_accuracy": 0.75, **options})


# Few distinct values, so that ties and boundaries are common.
shares = st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.8, 1.0])
rows = st.builds(
    lambda model, variant, accuracy, bounds, cost, cases: {
        "model": model,
        "variant": variant,
        "accuracy": accuracy,
        "accuracy_low": min(bounds) if bounds else None,
        "accuracy_high": max(bounds) if bounds else None,
        "avg_cost_usd": cost,
        "cases": cases,
    },
    st.sampled_from("abcdef"),
    st.sampled_from([None, "low", "high"]),
    st.none() | shares,
    st.none() | st.tuples(shares, shares),
    st.sampled_from([None, 0.0, 0.5, 0.75, 1.0, 2.0]),
    st.sampled_from([None, 0, 4]),
)
fields = st.lists(rows, max_size=8, unique_by=lambda item: (item["model"], item["variant"]))
rules = st.sampled_from(["proven", "point"])


@given(fields, st.permutations(range(8)), shares, rules)
def test_the_rank_is_a_permutation_that_the_input_order_does_not_touch(
    given_rows: list[dict[str, Any]], order: list[int], min_accuracy: float, rule: Any
) -> None:
    ranked = rank(given_rows, min_accuracy=min_accuracy, rule=rule)
    shuffled = [given_rows[index] for index in order if index < len(given_rows)]
    assert rank(shuffled, min_accuracy=min_accuracy, rule=rule) == ranked
    rankable = [
        (item["model"], item["variant"])
        for item in given_rows
        if item["accuracy"] is not None and item["avg_cost_usd"] is not None and item["cases"] != 0
    ]
    assert sorted(((c.model, c.variant) for c in ranked), key=str) == sorted(rankable, key=str)


@given(fields, shares, rules)
def test_each_neighbour_stands_where_the_contract_says(
    given_rows: list[dict[str, Any]], min_accuracy: float, rule: Any
) -> None:
    def group(candidate: TableCandidate) -> int:
        good = candidate.accuracy > 0 and candidate.accuracy >= min_accuracy
        if rule == "point" or not good:
            return 0 if good else 2
        low, high = candidate.accuracy_low, candidate.accuracy_high
        if low is not None and low >= min_accuracy:
            return 0
        return 2 if high is not None and high < min_accuracy else 1

    ranked = rank(given_rows, min_accuracy=min_accuracy, rule=rule)
    for better, worse in pairwise(ranked):
        assert group(better) <= group(worse)
        if group(better) != group(worse):
            continue
        assert better.avg_cost_usd is not None
        assert worse.avg_cost_usd is not None
        if group(better) == 2:
            assert (-better.accuracy, better.avg_cost_usd) <= (-worse.accuracy, worse.avg_cost_usd)
        else:
            ratio, next_ratio = better.avg_cost_usd / better.accuracy, worse.avg_cost_usd / worse.accuracy
            assert (ratio, -better.accuracy) <= (next_ratio, -worse.accuracy)
