"""`routelab shadow report` on a log as the shim writes it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from routelab.decision_log import LoggedShadow
from routelab_serve.decision_log import SqliteWriter

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def rows():
    told = {"our_model": "cheap", "route": "debugging/bug_fixing", "our_avg_cost_usd": 0.001}
    given = [
        {"outcome": "answered", "shadow_model": "cheap", "shadow_avg_cost_usd": 0.001},
        {"outcome": "answered", "shadow_model": "dear", "shadow_avg_cost_usd": 0.003},
        {"outcome": "failed", "reason": "timeout"},
        {"outcome": "skipped", "reason": "no_prompt", "sample_rate": 0.1},
    ]
    return [
        LoggedShadow(decision_id=f"d{number}", at=NOON + timedelta(hours=number), router="morph", **told, **changes)
        for number, changes in enumerate(given)
    ]


@pytest.fixture
def log(rows, tmp_path):
    folder = tmp_path / ".routelab" / "decisions"
    writer = SqliteWriter(folder)
    writer.write(rows)
    writer.close()
    return folder


def test_it_tells_agreement_cost_and_what_was_not_answered(routelab, log):
    told = routelab("shadow", "report")
    assert told.code == 0
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.out.splitlines() if "│" in line]
    assert lines == [
        ["morph", "all", "3", "66.7%", "50.0%", "9% to 91%", "2", "+0.001000"],
        ["", "debugging/bug_fixing", "3", "66.7%", "50.0%", "9% to 91%", "2", "+0.001000"],
        ["morph", "skipped", "no_prompt", "10"],
        ["morph", "failed", "timeout", "1"],
    ]


def test_a_machine_reads_it_for_a_span_of_time(routelab, log):
    told = routelab(
        "shadow", "report", "--json", "--log", str(log), "--since", "2026-11-21T13:00:00", "--until", "2026-11-22"
    )
    assert told.code == 0
    whole, route = json.loads(told.out)
    assert (whole["route"], route["route"]) == (None, "debugging/bug_fixing")
    assert (whole["asked"], whole["agreement"], whole["skipped"]) == (2, 0, {"no_prompt": 10})
    assert whole["cost_difference_usd"] == pytest.approx(0.002)


def test_a_log_without_shadow_routers_says_so(routelab, tmp_path):
    (tmp_path / "log").mkdir()
    told = routelab("shadow", "report", "--log", str(tmp_path / "log"))
    assert (told.code, told.out) == (0, "No shadow router stands in this log.\n")
    assert json.loads(routelab("shadow", "report", "--json", "--log", str(tmp_path / "log")).out) == []


def test_a_log_that_is_not_there_is_one_sentence(routelab):
    told = routelab("shadow", "report")
    assert (told.code, told.out) == (2, "")
    assert "there is no decision log at" in told.err
