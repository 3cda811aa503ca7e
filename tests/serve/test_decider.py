"""The decision service without HTTP: it picks only what is allowed, and a bug in it is no exception."""

import asyncio
import json
import time
from contextlib import suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from routelab.config import EndpointConfig
from routelab.llm import EndpointClient
from routelab.records import Candidate, Capabilities
from routelab.table import build_table
from routelab_serve.classifier import Classifier
from routelab_serve.contract import DecideRequest
from routelab_serve.decide import Decider
from routelab_serve.sessions import Sessions
from routelab_serve.tables import Live

MODELS = ["a", "b", "c"]
pairs = st.tuples(st.sampled_from([*MODELS, "x"]), st.sampled_from([None, "low", "high"]))
ranked = st.lists(
    st.tuples(pairs, st.floats(0, 1), st.floats(0, 1)), unique_by=lambda row: row[0], min_size=1, max_size=6
)
policies = st.fixed_dictionaries(
    {
        "routing_mode": st.sampled_from(["cost_per_accuracy", "best_accuracy"]),
        "denied_models": st.lists(st.sampled_from(MODELS), max_size=2),
        "pool": st.none() | st.lists(pairs, max_size=4),
        "input_modalities": st.sampled_from([[], ["text"], ["image"]]),
    }
)


def answering(fields):
    """An endpoint inside the process that always gives this classification."""
    return httpx.MockTransport(lambda _: httpx.Response(200, json=completion(fields)))


def completion(fields):
    return {"choices": [{"message": {"content": json.dumps(fields)}}], "usage": {"cost": 0.001}}


texts = st.text(st.sampled_from(" ab\n"), max_size=4)


@settings(deadline=None)
@given(system=st.none() | texts, prompts=st.lists(texts.filter(str.strip), max_size=3), tools=st.booleans())
def test_a_request_has_the_same_keys_raw_and_however_a_gateway_normalises_it(taxonomy, system, prompts, tools):
    """Gateways send an empty text for none, repeat the first prompt as the latest, or leave space at the ends."""
    turns = [] if system is None else [{"role": "system", "content": system}]
    turns += [{"role": "user", "content": text} for text in prompts]
    raw = {"api_kind": "chat_completions", "request": {"messages": turns, "tools": [{}] if tools else []}}
    given_ = {
        "api_kind": "chat_completions",
        "system_prompt_prefix": system,
        "user_prompt_prefix": prompts[0] if prompts else "",
        "latest_user_prompt_prefix": prompts[-1] if prompts else "",
        "message_count": len(turns),
        "has_tools": tools,
    }
    decider = deciding(taxonomy, EndpointClient(EndpointConfig()), build_table([], routes=[]))
    one, other = (
        decider.begin(convert({"user_id": "u", **asked}, DecideRequest), explained=False, began_s=0.0).content
        for asked in (raw, {"input": given_})
    )
    assert (one.conversation, one.exact) == (other.conversation, other.exact)


@settings(deadline=None, max_examples=60)
@given(rows=ranked, steps=st.lists(policies, min_size=1, max_size=6))
def test_a_conversation_never_gets_what_is_denied_outside_the_pool_or_not_able_and_twice_the_same(
    taxonomy, rows, steps
):
    fields = {**taxonomy.fallback, "confidence": 0.5}
    route = f"{fields['task_type']}/{fields['subtask_type']}"
    table = build_table(
        [
            {
                "route": route,
                "model": model,
                "variant": variant,
                "accuracy": accuracy,
                "avg_cost_usd": cost,
                "cases": 5,
            }
            for (model, variant), accuracy, cost in rows
        ],
        routes=[route],
    )
    asyncio.run(check(taxonomy, table, fields, [row[0] for row in rows], steps))


async def check(taxonomy, table, fields, on_route, steps):
    capabilities = {"a": Capabilities(100, ("text", "image")), "b": Capabilities(None, ("text",))}
    async with EndpointClient(EndpointConfig(), transport=answering(fields)) as client:
        decider = deciding(taxonomy, client, table, capabilities)
        for step in steps:
            pool = step["pool"]
            needs_images = "image" in step["input_modalities"]
            asked = {
                "user_id": "u",
                "session_id": "s",
                "input": {"api_kind": "messages"},
                "policy": {
                    "routing_mode": step["routing_mode"],
                    "denied_models": step["denied_models"],
                    "pool": pool and [{"model": m, "variant": v} for m, v in pool],
                },
                "constraints": {"input_modalities": step["input_modalities"]},
            }
            answer, again = await answered(decider, asked), await answered(decider, asked)
            allowed = {
                pair
                for pair in on_route
                if pair[0] not in step["denied_models"]
                and (pool is None or pair in pool)
                and (not needs_images or pair[0] == "a")
            }
            assert pool == [] or answer.classification.fallback is False
            assert {(item.model, item.variant) for item in answer.explanation} == set(on_route)
            if answer.decision is None:
                assert answer.reason == "no_candidate"
                assert not allowed
                assert again.decision is None
            else:
                assert (answer.decision.model, answer.decision.variant) in allowed
                assert again.decision.candidate == answer.decision.candidate
                assert again.decision.switch_reason is None


def deciding(taxonomy, client, table, capabilities=None, live=None, **settings):
    sessions = Sessions(taxonomy, max_conversations=10)
    return Decider(
        live or (lambda: Live(table=table, problem=None, classifier=Candidate("sorter"))),
        Classifier(taxonomy, client, sessions, budget_s=30),
        sessions,
        budget_s=30,
        capabilities=capabilities,
        **settings,
    )


async def answered(decider, asked):
    turn = decider.begin(convert(asked, DecideRequest), explained=True, began_s=time.perf_counter())
    session = await decider.recall(turn)
    return decider.at_once(turn, session) or await decider.wait(turn, session)


async def test_a_bug_is_no_decision_and_no_exception(taxonomy):
    class Broken:
        def ask(self, *_):
            raise KeyError("a bug")

    fields = {**taxonomy.fallback, "confidence": 0.5}
    asked = {"user_id": "u", "input": {"api_kind": "messages"}}
    async with EndpointClient(EndpointConfig(), transport=answering(fields)) as client:
        decider = deciding(taxonomy, client, build_table([], routes=[]), shadows=Broken())
        for _ in ("while waiting", "at once"):
            answer = await answered(decider, asked)
            assert (answer.decision, answer.reason, answer.explanation) == (None, "internal_error", [])
            assert answer.classification.classifier_model == "sorter"


@pytest.mark.parametrize(
    ("override", "winner", "default", "who"),
    [
        ("mine", "won", "usual", "mine"),
        (None, "won", "usual", "won"),
        (None, None, "usual", "usual"),
        (None, None, None, "local/tfidf"),
        ("mine", None, None, "mine"),
    ],
)
async def test_who_classifies(taxonomy, override, winner, default, who):
    override, winner, default = (None if name is None else Candidate(name) for name in (override, winner, default))
    choices = {"override": override} if default is None else {"override": override, "default": default}
    async with EndpointClient(EndpointConfig()) as client:
        decider = deciding(taxonomy, client, None, live=lambda: Live(classifier=winner), **choices)
    assert decider.classifier_model == Candidate(who)


@pytest.mark.parametrize("rule", ["proven", "point"])
async def test_an_upgrade_that_is_needed_is_never_blocked_by_cost(taxonomy, rule):
    """The incumbent of one route is rejected on another, where only a far dearer model is good enough."""
    fields = {**taxonomy.fallback, "confidence": 0.5}
    here = f"{fields['task_type']}/{fields['subtask_type']}"
    there = next(route for route in taxonomy.routes if route != here)
    shares = {"cheap": {here: 0.9, there: 0.2}, "dear": {here: 0.9, there: 0.95}}
    rows = [
        {
            "route": route,
            "model": model,
            "accuracy": accuracy,
            "accuracy_low": accuracy - 0.1,
            "accuracy_high": min(1.0, accuracy + 0.1),
            "avg_cost_usd": {"cheap": 0.0001, "dear": 5.0}[model],
            "cases": 50,
        }
        for model, by_route in shares.items()
        for route, accuracy in by_route.items()
    ]
    table = build_table(rows, routes=[here, there], rule=rule)
    said = dict(zip(("task_type", "subtask_type"), there.split("/"), strict=True))
    bodies = [fields, {**fields, **said}]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=completion(bodies.pop(0))))
    asked = {"user_id": "u", "session_id": "s", "input": {"api_kind": "messages"}}
    async with EndpointClient(EndpointConfig(), transport=transport) as client:
        decider = deciding(taxonomy, client, table)
        before = await answered(decider, asked)
        asked["input"]["latest_user_prompt_prefix"] = "and now something else"
        after = await answered(decider, asked)
    assert (before.decision.model, before.decision.route) == ("cheap", here)
    assert (after.decision.model, after.decision.route, after.decision.switch_reason) == ("dear", there, "threshold")


async def test_a_call_that_cancels_itself_for_a_while_is_shared_all_the_same(taxonomy):
    """HTTP clients do so where they try several addresses at once."""
    calls = []

    async def answer(_):
        calls.append(1)
        task = asyncio.current_task()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        task.uncancel()
        return httpx.Response(200, json=completion({**taxonomy.fallback, "confidence": 0.5}))

    async with EndpointClient(EndpointConfig(), transport=httpx.MockTransport(answer)) as client:
        decider = deciding(taxonomy, client, build_table([], routes=[]))
        asked = {"user_id": "u", "session_id": "s", "input": {"api_kind": "messages"}}

        async def later(delay_s):
            await asyncio.sleep(delay_s)
            return await answered(decider, asked)

        answers = await asyncio.gather(*(later(delay_s) for delay_s in (0, 0.01, 0.02, 0.03)))
    assert len(calls) == 1
    assert [answer.cost_usd for answer in answers] == [0.001, 0, 0, 0]


def broken_off(content):
    body = completion(content)
    return httpx.Response(200, json={**body, "choices": [{**body["choices"][0], "finish_reason": "error"}]})


@pytest.mark.parametrize(
    ("first", "cost_usd"),
    [
        (broken_off({}), 0.002),
        (httpx.Response(503), 0.001),
        (httpx.ConnectError("refused"), 0.001),
        (httpx.RemoteProtocolError("hung up"), None),
        (httpx.Response(200, content=b"<html>"), None),
    ],
    ids=["broken off", "refused", "never sent", "hung up", "no completion"],
)
async def test_a_call_that_failed_is_billed_with_the_one_after_it(taxonomy, first, cost_usd):
    second = httpx.Response(200, json=completion({**taxonomy.fallback, "confidence": 0.5}))
    replies = [first, second]

    def answer(_):
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    config = EndpointConfig(attempts=1)
    async with EndpointClient(config, transport=httpx.MockTransport(answer)) as client:
        decider = deciding(taxonomy, client, build_table([], routes=[]))
        told = await answered(decider, {"user_id": "u", "session_id": "s", "input": {"api_kind": "messages"}})
    assert (replies, told.classification.fallback, told.cost_usd) == ([], False, cost_usd)
