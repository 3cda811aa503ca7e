"""A classifier that fails: what it costs requests, how it comes back, and what operators see of it."""

import asyncio
import sys
import time

import pytest

from routelab.decision_log import read_decisions

FAILURES = 5
CALL = 0.0002


async def ask_many(shim, ask, number, *, first=0):
    return [await ask(shim, session_id=f"s{first + place}") for place in range(number)]


def guessed(answer):
    assert answer["decision"]["model"] == "cheap"
    return answer["classification"]["fallback"]


async def test_a_hanging_endpoint_soon_costs_nobody_any_time(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 5.0
    async with open_shim(budget_ms=200) as shim:
        await asyncio.gather(*(ask(shim, session_id=f"s{place}") for place in range(FAILURES)))
        started = time.monotonic()
        answers = await ask_many(shim, ask, 20, first=FAILURES)
        assert time.monotonic() - started < 0.2
        health, ready = (await shim.get("/health")).json(), await shim.get("/health/ready")
    assert all(map(guessed, answers))
    assert {(answer["cost_usd"], answer["classification"]["cached"]) for answer in answers} == {(0, False)}
    assert len(endpoint.calls) == FAILURES
    assert (health["status"], health["classifier"], health["classifier_problem"]) == ("degraded", "sorter", "endpoint")
    assert ready.status_code == 200


async def test_nobody_waits_again_for_a_call_that_is_late(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 5.0
    async with open_shim(budget_ms=500) as shim:
        first = await ask(shim)
        started = time.monotonic()
        again = await ask(shim)
        assert time.monotonic() - started < 0.2
    assert (guessed(first), first["cost_usd"]) == (True, None)
    assert (guessed(again), again["cost_usd"]) == (True, 0)
    assert len(endpoint.calls) == 1


async def test_a_late_answer_is_a_failure_although_it_comes(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 0.3
    async with open_shim(budget_ms=200) as shim:
        await asyncio.gather(*(ask(shim, session_id=f"s{place}") for place in range(FAILURES)))
        await asyncio.sleep(0.3)
        problem = (await shim.get("/health")).json()["classifier_problem"]
        known = await ask(shim, session_id="s0")
    assert problem == "endpoint"
    assert (guessed(known), known["classification"]["cached"]) == (False, True)


async def test_an_endpoint_that_is_back_is_asked_again(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.status = 500
    async with open_shim() as shim:
        during = await ask_many(shim, ask, 20)
        calls = len(endpoint.calls)
        endpoint.status = 200
        await asyncio.sleep(1.0)
        probe, after = await ask_many(shim, ask, 2, first=20)
        health = (await shim.get("/health")).json()
    assert all(map(guessed, during))
    assert calls == 2 * FAILURES
    assert not guessed(probe)
    assert not guessed(after)
    assert len(endpoint.calls) == calls + 2
    assert (health["status"], health["classifier_problem"]) == ("ok", None)


@pytest.mark.parametrize(("status", "text", "calls"), [(200, "no idea", 2), (400, "", 1), (403, "", 1)])
async def test_an_invalid_answer_or_a_refused_request_is_no_outage(shim, ask, endpoint, status, text, calls):
    endpoint.status, endpoint.text = status, text
    answers = await ask_many(shim, ask, FAILURES + 2)
    assert all(map(guessed, answers))
    assert len(endpoint.calls) == (FAILURES + 2) * calls
    assert (await shim.get("/health")).json()["status"] == "ok"


async def test_in_an_outage_the_local_classifier_of_a_cascade_answers(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.status = 500
    async with open_shim(cascade_threshold=1.0) as shim:
        *_, last = await ask_many(shim, ask, FAILURES + 1)
    assert guessed(last)
    assert last["classification"]["confidence"] > 0.3  # more than keywords ever claim
    assert len(endpoint.calls) == 2 * FAILURES


@pytest.mark.parametrize("changes", [{"classifier": None}, {"cascade_threshold": 0.5}])
async def test_a_local_classifier_that_is_wanted_and_cannot_be_loaded_shows(
    open_shim, make_table, publish, monkeypatch, changes
):
    publish(make_table())
    monkeypatch.setitem(sys.modules, "routelab.classifier.local", None)  # as without numpy
    async with open_shim(**changes) as shim:
        health, ready = (await shim.get("/health")).json(), await shim.get("/health/ready")
    assert (health["status"], health["classifier_problem"], ready.status_code) == ("degraded", "local", 200)


async def test_the_log_tells_why_nobody_was_asked(open_shim, make_table, publish, ask, endpoint, tmp_path):
    publish(make_table())
    endpoint.status = 500
    async with open_shim(decision_log={"format": "sqlite", "folder": str(tmp_path)}) as shim:
        await ask_many(shim, ask, FAILURES + 1)
    rows = list(read_decisions(tmp_path))
    assert [row.error for row in rows] == ["server_error"] * FAILURES + ["left_alone"]
    assert [row.classifier_calls for row in rows] == [2] * FAILURES + [0]
    assert {row.classifier_model for row in rows} == {"sorter"}


async def test_what_a_late_call_costs_is_counted_when_it_is_known(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 0.5
    async with open_shim(budget_ms=200, metrics=True) as shim:
        answer = await ask(shim)
        before = (await shim.get("/metrics")).text
        await asyncio.sleep(0.5)
        after = (await shim.get("/metrics")).text
    assert answer["cost_usd"] is None
    assert "routelab_classifier_unknown_costs_total 1.0" in before
    assert "routelab_classifier_cost_usd_total{" not in before
    assert f'routelab_classifier_cost_usd_total{{classifier="sorter"}} {CALL}' in after
