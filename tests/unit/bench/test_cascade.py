from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from routelab.bench.cascade import CascadeCase, cascade_cases, cascade_curve
from routelab.records import Attempt, Candidate, Classification, ClassifierCase, NormalisedRequest


def case(number: int, confidence: float, local: float, model: float, cost: float | None = 0.01) -> CascadeCase:
    return CascadeCase(
        case_id=f"case-{number}",
        confidence=confidence,
        local_score=local,
        local_route=local,
        model_score=model,
        model_route=model,
        model_cost_usd=cost,
    )


THREE = [case(1, 0.9, 1.0, 1.0), case(2, 0.5, 0.0, 1.0, 0.02), case(3, 0.2, 0.5, 0.0)]


def test_a_threshold_is_paid_for_by_those_below_it() -> None:
    never, some, always = cascade_curve(THREE, [0.0, 0.6, 1.0])
    assert (never.asked, never.score, never.avg_cost_usd, never.saved) == (0, 0.5, 0, 1)
    assert some.asked == pytest.approx(2 / 3)
    assert some.score == pytest.approx(2 / 3)
    assert some.avg_cost_usd == pytest.approx(0.01)
    assert some.saved == pytest.approx(0.25)
    assert (always.score, always.saved, always.lost) == pytest.approx((2 / 3, 0, 0))
    assert never.lost == pytest.approx(1 / 6)


def test_an_unknown_cost_is_unknown_only_where_it_is_paid() -> None:
    cases = [case(1, 0.9, 1, 1, None), case(2, 0.5, 1, 1)]
    half, full = cascade_curve(cases, [0.6, 1.0])
    assert (half.avg_cost_usd, half.saved) == (0.005, None)
    assert (full.avg_cost_usd, full.saved) == (None, None)


def test_nothing_gives_no_curve() -> None:
    assert cascade_curve([]) == []


@given(
    st.lists(
        st.builds(
            CascadeCase,
            case_id=st.just("a-case"),
            confidence=st.floats(0, 1),
            local_score=st.floats(0, 1),
            local_route=st.sampled_from([0.0, 1.0]),
            model_score=st.floats(0, 1),
            model_route=st.sampled_from([0.0, 1.0]),
            model_cost_usd=st.floats(0, 1),
        ),
        min_size=1,
    )
)
def test_a_higher_threshold_never_asks_less(cases: list[CascadeCase]) -> None:
    points = cascade_curve(cases)
    assert [point.asked for point in points] == sorted(point.asked for point in points)
    costs = [point.avg_cost_usd for point in points]
    assert costs == pytest.approx(sorted(cost for cost in costs if cost is not None))


def test_both_stages_are_graded_on_the_same_requests(classification: Classification, labels: dict[str, Any]) -> None:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix="fix it")
    golden = ClassifierCase(id="a-case", input=request, expected=classification, rationale="made for a test")
    unseen = structs.replace(golden, id="b-case")
    now = datetime.now(UTC)
    first = Attempt(
        run_id="r",
        candidate=Candidate("sim/one"),
        case_id="a-case",
        route="debugging/bug_fixing",
        repetition=1,
        number=1,
        status="graded",
        score=1.0,
        route_correct=True,
        latency_ms=5.0,
        cost_usd=0.5,
        spent_usd=0.5,
        started_at=now,
        ended_at=now,
    )
    second = structs.replace(first, repetition=2, score=0.5, route_correct=False, cost_usd=0.25)
    local = Classification(**{**labels, "subtask_type": "test_repair"}, confidence=0.3)
    [both] = cascade_cases({"a-case": golden, "b-case": unseen}, lambda _: local, [first, second])
    assert both == CascadeCase(
        case_id="a-case",
        confidence=0.3,
        local_score=0.9,
        local_route=0,
        model_score=0.75,
        model_route=0.5,
        model_cost_usd=0.375,
    )
