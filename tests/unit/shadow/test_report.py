"""What the report says of a log's shadow rows."""

from datetime import UTC, datetime
from itertools import count

import pytest

from routelab.decision_log import LoggedShadow
from routelab.shadow.report import shadow_report
from routelab.stats import wilson

AT = datetime(2026, 11, 21, tzinfo=UTC)
numbers = count()


def row(**changes):
    given = {"router": "morph", "outcome": "answered", "route": "a/b", "our_model": "cheap", "shadow_model": "cheap"}
    return LoggedShadow(decision_id=f"d{next(numbers)}", at=AT, **(given | changes))


def not_answered(outcome, reason, **changes):
    return row(outcome=outcome, reason=reason, shadow_model=None, **changes)


def test_an_empty_log_has_no_router():
    assert shadow_report([]) == []


def test_routers_are_told_as_a_whole_and_by_route():
    found = shadow_report([row(), row(route="a/c", shadow_model="dear"), row(router="table:v")])
    assert [(item.router, item.route, item.asked, item.agreement) for item in found] == [
        ("morph", None, 2, 0.5),
        ("morph", "a/b", 1, 1.0),
        ("morph", "a/c", 1, 0.0),
        ("table:v", None, 1, 1.0),
        ("table:v", "a/b", 1, 1.0),
    ]


def test_what_was_not_answered_is_told_by_reason_and_scaled_up_where_it_is_a_sample():
    rows = [
        row(),
        not_answered("failed", "timeout"),
        not_answered("failed", "timeout"),
        not_answered("skipped", "no_key", sample_rate=0.25),
        not_answered("skipped", "no_prompt"),
    ]
    whole = shadow_report(rows)[0]
    assert (whole.asked, whole.answered) == (3, 1)
    assert (whole.failed, whole.skipped) == ({"timeout": 2}, {"no_key": 4, "no_prompt": 1})


def test_a_conversation_counts_once_however_long_it_is():
    rows = [row(conversation_hash="long") for _ in range(90)]
    rows += [row(conversation_hash="long", shadow_model="dear") for _ in range(10)]
    rows += [row(conversation_hash=short, shadow_model="dear") for short in "ab"]
    whole = shadow_report(rows)[0]
    assert whole.conversations == 3
    assert whole.agreement == pytest.approx(0.3)
    assert (whole.agreement_low, whole.agreement_high) == pytest.approx(wilson(0.9, 3))


def test_where_one_picked_nobody_there_is_nothing_to_compare():
    whole = shadow_report([row(shadow_model=None, reason="no_candidate"), row(our_model=None)])[0]
    assert (whole.answered, whole.conversations) == (2, 0)
    assert (whole.agreement, whole.agreement_low, whole.agreement_high) == (None, None, None)


def test_costs_are_compared_where_both_are_known():
    rows = [
        row(our_avg_cost_usd=0.001, shadow_avg_cost_usd=0.004),
        row(our_avg_cost_usd=0.002, shadow_avg_cost_usd=0.001),
        row(our_avg_cost_usd=0.5),
        row(shadow_avg_cost_usd=0.5),
    ]
    whole = shadow_report(rows)[0]
    assert whole.costs_known == 2
    assert whole.cost_difference_usd == pytest.approx(0.001)
    assert shadow_report([row()])[0].cost_difference_usd is None
