"""Counting a real log, as the shim writes it."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.serve.decision_log.conftest import WRITERS, classification, decision
from tests.serve.page.samples import NOW, ROUTES, logged, shadow

from routelab.errors import UserError
from routelab_serve.contract import DecideResponse
from routelab_serve.entry import Stages
from routelab_serve.metrics import Metrics
from routelab_serve.page import ShadowTally, last_hour, since_start

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=list(WRITERS))
def write(request, tmp_path):
    def write_rows(rows) -> Path:
        writer = WRITERS[request.param](tmp_path / "log")
        writer.write(rows)
        writer.close()
        return tmp_path / "log"

    return write_rows


def ago(minutes):
    return NOW - minutes * MINUTE


def test_decisions_and_switches_are_counted_with_their_weight(write):
    log = write(
        [
            logged(1, ago(1), decision=decision(variant="low"), weight=10.0),
            logged(2, ago(2), decision=decision(sticky=False, switch_reason="cost", source="simulated")),
            logged(3, ago(2), decision=None),
            logged(4, ago(59.5), decision=decision(), cost_usd=None, classification=classification(fallback=True)),
            logged(5, ago(61), decision=decision(model="too old")),
        ]
    )
    seen = last_hour(log, NOW)
    assert (seen.rows, seen.decisions, seen.is_sampled, seen.is_partial) == (4, 13.0, True, False)
    assert seen.by_model == {"cheap@low": 10.0, "cheap": 2.0}
    assert seen.by_source == {"benchmark": 11.0, "simulated": 1.0}
    assert (seen.by_switch_reason, seen.switches) == ({"cost": 1.0}, 1.0)
    assert (seen.by_null_reason, seen.nulls) == ({"no_candidate": 1.0}, 1.0)
    assert seen.by_route == {"debugging/bug_fixing": 12.0}
    assert (seen.sticky, seen.fallbacks, seen.unknown_costs) == (11.0, 1.0, 1.0)
    assert seen.cost_usd == pytest.approx(0.012)
    assert (seen.p50_ms, seen.p95_ms) == (1.0, 4.0)
    assert {place: count for place, count in enumerate(seen.by_minute) if count} == {0: 1.0, 57: 2.0, 58: 10.0}


def test_shadow_answers_are_counted_once_each(write):
    answers = [
        shadow(1, ago(1)),
        shadow(2, ago(2), shadow_model="dear"),
        shadow(3, ago(3), shadow_model=None),
        shadow(4, ago(3), outcome="skipped", shadow_model=None, sample_rate=0.25),
        shadow(5, ago(3), outcome="failed", shadow_model=None),
        shadow(1, ago(1), router="table:v"),
        shadow(6, ago(61)),
    ]
    write(answers)
    log = write(answers)
    assert last_hour(log, NOW).shadows == (
        ShadowTally(router="morph", same=1, other=1, neither=1, skipped=4, failed=1),
        ShadowTally(router="table:v", same=1),
    )


def test_more_than_can_be_read_is_cut_and_told(write, monkeypatch):
    monkeypatch.setattr("routelab_serve.page.hour._MAX_ROWS", 3)
    log = write([logged(number, ago(number), decision=decision()) for number in range(1, 6)])
    seen = last_hour(log, NOW)
    assert (seen.rows, seen.is_partial) == (3, True)
    assert ago(5) <= seen.oldest <= ago(3)
    log = write([])
    monkeypatch.setattr("routelab_serve.page.hour._MAX_ROWS", 5)
    assert last_hour(log, NOW).is_partial is False


def test_a_log_nobody_wrote_to_yet_is_empty(tmp_path):
    assert last_hour(tmp_path / "log", NOW).rows == 0


def test_a_log_of_a_newer_routelab_is_not_guessed_at(tmp_path):
    (tmp_path / f"log-{NOW.date()}.v9.sqlite").touch()
    with pytest.raises(UserError, match="newer routelab"):
        last_hour(tmp_path, NOW)


def test_metrics_tell_what_was_counted_since_the_start():
    metrics = Metrics(routes=ROUTES, limited=lambda: 1)
    for given in (decision(), decision(), None):
        reason = None if given else "no_table"
        metrics.record(
            DecideResponse(decision=given, reason=reason, classification=None, cost_usd=0.0, decision_id="d"), Stages()
        )
    metrics.session_failed("read_timeout")
    metrics.table_refused("store")
    for number, theirs in enumerate(("cheap", "dear")):
        metrics.shadow_answered(shadow(number, NOW, shadow_model=theirs))
    metrics.shadow_answered(shadow(3, NOW, outcome="failed", shadow_model=None))
    seen = since_start(metrics)
    assert (seen.decisions, seen.nulls, seen.rate_limited) == (2, 1, 1)
    assert (seen.session_errors, seen.table_problems) == ({"read_timeout": 1}, {"store": 1})
    assert seen.shadows == (ShadowTally(router="morph", same=1, other=1, failed=1),)
    assert (seen.log_fails, seen.log_dropped) == (False, 0)
