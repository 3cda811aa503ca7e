"""What rows say beside their fields."""

from datetime import UTC, datetime

import pytest

from routelab.decision_log import LoggedShadow


@pytest.mark.parametrize(
    ("ours", "theirs", "agrees"), [("a", "a", True), ("a", "b", False), (None, "a", None), ("a", None, None)]
)
def test_a_shadow_agrees_only_where_both_picked(ours, theirs, agrees):
    answer = LoggedShadow(
        decision_id="d",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        router="morph",
        outcome="answered",
        our_model=ours,
        shadow_model=theirs,
    )
    assert answer.agrees is agrees
