"""How a request is classified: by a model, once, within the budget; else by keywords."""

import asyncio
import json
import sys
import threading
import time

import pytest
from pydantic import SecretStr

from routelab.decision_log import read_decisions
from routelab.records import NormalisedRequest
from routelab.settings import Settings
from routelab_serve.local_stage import LocalStage

CALL = 0.0002


async def test_the_second_request_is_cached_and_free(shim, ask, endpoint):
    first, second = await ask(shim), await ask(shim)
    assert first["classification"]["cached"] is False
    assert first["cost_usd"] == pytest.approx(CALL)
    assert second["classification"] == {**first["classification"], "cached": True}
    assert second["cost_usd"] == 0
    assert len(endpoint.calls) == 1
    assert endpoint.calls[0]["model"] == "sorter"
    assert first["classification"] == {
        "task_type": "debugging",
        "subtask_type": "bug_fixing",
        "context_complexity": "small",
        "reasoning_complexity": "low",
        "risk_level": "low",
        "execution_mode": "code_change",
        "requires_tools": False,
        "confidence": 0.9,
        "fallback": False,
        "classifier_model": "sorter",
        "cached": False,
    }


async def test_new_words_of_the_user_are_classified_again(shim, ask, endpoint):
    await ask(shim)
    said = {
        "api_kind": "messages",
        "user_prompt_prefix": "It crashes on start",
        "latest_user_prompt_prefix": "Now write a plan",
        "message_count": 1,
    }
    assert (await ask(shim, input=said))["classification"]["cached"] is False
    assert len(endpoint.calls) == 2


async def test_agents_that_share_a_session_id_are_each_classified_once(shim, ask, endpoint):
    said = [
        {"api_kind": "messages", "user_prompt_prefix": f"Review file {place}", "message_count": 1}
        for place in range(12)
    ]
    for _ in range(3):
        for given in said:
            await ask(shim, input=given)
    assert len(endpoint.calls) == len(said)


@pytest.mark.parametrize("changes", [{}, {"cascade_threshold": 1.0}])
async def test_nobody_is_paid_where_no_candidate_may_serve(open_shim, make_table, publish, ask, endpoint, changes):
    publish(make_table())
    async with open_shim(**changes) as shim:
        unknown = await ask(shim, policy={"pool": []})
        assert endpoint.calls == []
        await ask(shim)
        known = await ask(shim, policy={"pool": []})
    for answer in (unknown, known):
        assert (answer["decision"], answer["reason"], answer["cost_usd"]) == (None, "no_candidate", 0)
    assert unknown["classification"]["fallback"] is True
    assert unknown["classification"]["classifier_model"] is None
    assert (known["classification"]["fallback"], known["classification"]["cached"]) == (False, True)


async def test_concurrent_requests_share_one_call_that_is_billed_once(shim, ask, endpoint):
    endpoint.delay_s = 0.2
    answers = await asyncio.gather(*(ask(shim) for _ in range(5)))
    assert len(endpoint.calls) == 1
    assert sorted(answer["cost_usd"] for answer in answers) == [0, 0, 0, 0, pytest.approx(CALL)]
    assert sorted(answer["classification"]["cached"] for answer in answers) == [False] + [True] * 4
    assert {answer["decision"]["model"] for answer in answers} == {"cheap"}


@pytest.mark.parametrize(
    ("status", "text", "calls", "cost"),
    [
        (200, "I would say it is a bug.", 2, 2 * CALL),
        (200, "", 2, 2 * CALL),
        (429, "", 1, 0),
        (500, "", 2, 0),
        (401, "", 1, 0),
    ],
)
async def test_a_fallback_is_answered_but_never_cached(shim, ask, endpoint, status, text, calls, cost):
    endpoint.status, endpoint.text = status, text
    first = await ask(shim)
    assert len(endpoint.calls) == calls
    second = await ask(shim)
    assert first["decision"]["model"] == "cheap"
    assert first["classification"]["fallback"] is True
    assert first["classification"]["classifier_model"] == "sorter"
    assert first["cost_usd"] == pytest.approx(cost)
    assert second["classification"]["cached"] is False
    assert len(endpoint.calls) == 2 * calls


async def test_a_fallback_never_makes_an_incumbent(shim, ask, endpoint):
    sound, endpoint.text = endpoint.text, "no idea"
    late = await ask(shim, policy={"denied_models": ["cheap"]})
    endpoint.text = sound
    answer = await ask(shim)
    assert late["decision"]["model"] == "middle"
    assert (answer["decision"]["model"], answer["decision"]["switch_reason"]) == ("cheap", None)


async def test_a_fallback_does_not_end_a_conversation(shim, ask, endpoint):
    await ask(shim, policy={"denied_models": ["cheap"]})
    endpoint.status = 503
    said = {"api_kind": "messages", "user_prompt_prefix": "fix the bug", "message_count": 9}
    during = await ask(shim, input=said)
    assert during["classification"]["fallback"] is True
    assert (during["decision"]["model"], during["decision"]["sticky"]) == ("middle", True)


async def test_an_endpoint_that_is_down_costs_nobody_a_decision(open_shim, make_table, publish, ask):
    publish(make_table())
    async with open_shim(endpoint_url="http://127.0.0.1:1/v1") as shim:
        answer = await ask(shim)
    assert answer["decision"]["model"] == "cheap"
    assert answer["classification"]["fallback"] is True
    assert answer["cost_usd"] == 0  # nothing was ever sent


async def test_a_late_classifier_is_not_waited_for_but_its_answer_is_kept(
    open_shim, make_table, publish, ask, endpoint
):
    publish(make_table())
    endpoint.delay_s = 0.9
    async with open_shim(budget_ms=300) as shim:
        started = time.monotonic()
        first = await ask(shim)
        assert time.monotonic() - started < endpoint.delay_s
        assert first["decision"]["model"] == "cheap"
        assert first["classification"]["fallback"] is True
        assert first["cost_usd"] is None
        await asyncio.sleep(endpoint.delay_s)
        second = await ask(shim)
    assert second["classification"]["cached"] is True
    assert len(endpoint.calls) == 1


async def test_a_hanging_classifier_is_given_up(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 0.9
    async with open_shim(budget_ms=100) as shim:
        await ask(shim)
        await asyncio.sleep(0.6)
        second = await ask(shim)
    assert second["classification"]["cached"] is False
    assert len(endpoint.calls) == 2


async def test_without_any_choice_the_local_classifier_decides_and_nothing_is_called(
    open_shim, make_table, publish, ask, endpoint
):
    publish(make_table())
    async with open_shim(classifier=None) as shim:
        first, second = await ask(shim), await ask(shim)
    assert first["decision"]["model"] == "cheap"
    assert (first["classification"]["fallback"], first["classification"]["classifier_model"]) == (False, "local/tfidf")
    assert 0 < first["classification"]["confidence"] <= 1
    assert first["cost_usd"] == 0
    assert second["classification"] == {**first["classification"], "cached": True}
    assert endpoint.calls == []


async def test_a_local_classifier_that_gets_no_thread_is_loaded_later(taxonomy, monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    stage, request = LocalStage(taxonomy), NormalisedRequest(api_kind="messages", user_prompt_prefix="Fix the bug")
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refused)
        assert stage.classify(request) is None
    await stage.load()
    assert stage.classify(request) is not None


async def test_where_the_local_classifier_cannot_be_loaded_keywords_decide(
    open_shim, make_table, publish, ask, monkeypatch
):
    publish(make_table())
    monkeypatch.setitem(sys.modules, "routelab.classifier.local", None)  # as without numpy
    async with open_shim(classifier=None) as shim:
        answer = await ask(shim)
    assert answer["decision"]["model"] == "cheap"
    assert answer["classification"]["fallback"] is True


async def test_without_a_table_nobody_is_paid(open_shim, ask, endpoint):
    async with open_shim() as shim:
        answer = await ask(shim)
    assert (answer["decision"], answer["reason"]) == (None, "no_table")
    assert answer["classification"]["fallback"] is True
    assert answer["cost_usd"] == 0
    assert endpoint.calls == []


async def test_the_endpoint_gets_its_key_and_the_variant(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    async with open_shim(Settings(api_key=SecretStr("upstream")), classifier="sorter@low") as shim:
        answer = await ask(shim)
    assert answer["classification"]["classifier_model"] == "sorter@low"
    assert endpoint.calls[0]["reasoning_effort"] == "low"
    assert endpoint.keys == [b"Bearer upstream"]


async def test_credentials_in_a_gateways_hints_never_reach_the_classifier(shim, endpoint, ask):
    hints = {"provider": {"order": ["x"], "api_key": "very-private"}}
    await ask(shim, input={"api_kind": "messages", "user_prompt_prefix": "It crashes", "provider_hints": hints})
    sent = json.dumps(endpoint.calls)
    assert "order" in sent
    assert "very-private" not in sent


# Attempts, cascade, and clients that go away.


async def test_the_second_of_two_attempts_may_succeed_and_both_are_billed(shim, ask, endpoint):
    sound = endpoint.text
    endpoint.texts = ["I would say it is a bug.", sound]
    answer = await ask(shim)
    assert answer["classification"]["fallback"] is False
    assert answer["cost_usd"] == pytest.approx(2 * CALL)
    assert len(endpoint.calls) == 2


async def test_a_failure_and_an_invalid_answer_are_two_attempts(shim, ask, endpoint):
    endpoint.statuses, endpoint.text = [503, 200], "no idea"
    answer = await ask(shim)
    assert answer["classification"]["fallback"] is True
    assert len(endpoint.calls) == 2


async def test_no_second_attempt_begins_when_the_budget_is_over(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s, endpoint.text = 0.4, "no idea"
    async with open_shim(budget_ms=200) as shim:
        await ask(shim)
        await asyncio.sleep(0.6)
    assert len(endpoint.calls) == 1


async def test_an_answer_comes_within_the_budget_whatever_hangs(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 3.0
    async with open_shim(budget_ms=300) as shim:
        started = time.monotonic()
        answers = await asyncio.gather(*(ask(shim, session_id=str(number)) for number in range(20)))
        assert time.monotonic() - started < 1.0
    assert {answer["decision"]["model"] for answer in answers} == {"cheap"}


async def asked_and_gone(app, body, after_s):
    """Send a request and disconnect; gives what was sent in answer."""
    sent, gone = [], asyncio.Event()
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if given:
            return given.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/decide",
        "raw_path": b"/decide",
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "state": {},
    }
    asyncio.get_running_loop().call_later(after_s, gone.set)
    await app(scope, receive, send)
    return sent


BODY = json.dumps(
    {
        "user_id": "ann",
        "session_id": "s1",
        "input": {"api_kind": "messages", "user_prompt_prefix": "It crashes on start", "message_count": 1},
    }
).encode()


async def test_a_client_that_goes_away_cancels_its_call(open_shim, make_table, publish, ask, endpoint):
    publish(make_table())
    endpoint.delay_s = 0.5
    async with open_shim() as shim:
        app = shim._transport.app
        started = time.monotonic()
        assert await asked_and_gone(app, BODY, 0.1) == []
        assert time.monotonic() - started < endpoint.delay_s
        await asyncio.sleep(0.7)
        again = await ask(shim)
    assert again["classification"]["cached"] is False
    assert len(endpoint.calls) == 2


async def test_a_client_that_goes_away_leaves_its_traces(open_shim, make_table, publish, endpoint, tmp_path):
    table = publish(make_table())
    endpoint.delay_s = 0.5
    async with open_shim(metrics=True, decision_log={"format": "sqlite", "folder": str(tmp_path)}) as shim:
        body = json.dumps({**json.loads(BODY), "client_request_id": "r1"}).encode()
        await asked_and_gone(shim._transport.app, body, 0.1)
        await asyncio.sleep(0.05)
        metrics = (await shim.get("/metrics")).text
    [row] = read_decisions(tmp_path)
    assert (row.reason, row.model, row.route, row.table_version) == ("client_gone", None, None, table.version)
    assert row.client_request_id == "r1"
    assert (row.classifier_model, row.classifier_calls, row.classifier_cost_usd) == ("sorter", 1, None)
    assert (row.sampled, row.sample_rate) == (False, 1.0)
    assert row.total_ms == pytest.approx(100, abs=90)
    assert 'routelab_decide_answers_total{status="499"} 1.0' in metrics
    assert "routelab_classifier_unknown_costs_total 1.0" in metrics


async def test_a_call_goes_on_while_somebody_waits_for_it_and_is_billed_to_him(
    open_shim, make_table, publish, ask, endpoint
):
    publish(make_table())
    endpoint.delay_s = 0.5
    async with open_shim() as shim:
        going = asyncio.create_task(asked_and_gone(shim._transport.app, BODY, 0.2))
        await asyncio.sleep(0.1)
        answer = await ask(shim)
        assert await going == []
    assert len(endpoint.calls) == 1
    assert answer["cost_usd"] == pytest.approx(CALL)
    assert answer["classification"]["fallback"] is False


@pytest.mark.parametrize(("threshold", "who", "calls"), [(0.0, "local/tfidf", 0), (1.0, "sorter", 1)])
async def test_the_cascade_asks_the_model_only_where_the_local_classifier_is_unsure(
    open_shim, make_table, publish, ask, endpoint, threshold, who, calls
):
    publish(make_table())
    async with open_shim(cascade_threshold=threshold) as shim:
        first, second = await ask(shim), await ask(shim)
    assert len(endpoint.calls) == calls
    assert first["classification"]["classifier_model"] == who
    assert first["cost_usd"] == pytest.approx(calls * CALL)
    assert second["classification"] == {**first["classification"], "cached": True}


async def test_in_a_cascade_the_local_answer_stands_in_for_a_model_that_fails(
    open_shim, make_table, publish, ask, endpoint
):
    publish(make_table())
    endpoint.status = 500
    async with open_shim(cascade_threshold=1.0) as shim:
        answer = await ask(shim)
    assert answer["classification"]["fallback"] is True
    assert answer["classification"]["confidence"] > 0.3  # more than keywords ever claim


async def test_a_store_that_cannot_be_read_leaves_the_override_at_work(open_shim, make_config, endpoint, shim, ask):
    answer = await ask(shim)
    assert answer["classification"]["classifier_model"] == "sorter"
    async with open_shim(table={"file": "/nowhere.json"}) as without:
        health = (await without.get("/health")).json()
    assert (health["table_problem"], health["classifier"]) == ("file", "sorter")
