"""The decision service without HTTP: it picks only what is allowed, and a bug in it is no exception."""

import asyncio
import json

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, convert

from routelab.config import EndpointConfig
from routelab.llm import EndpointClient
from routelab.records import Candidate
from routelab.table import build_table
from routelab_serve.classifier import Classifier
from routelab_serve.contract import DecideRequest
from routelab_serve.decide import Decider
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
    }
)


def answering(fields):
    """An endpoint inside the process that always gives this classification."""
    body = {"choices": [{"message": {"content": json.dumps(fields)}}], "usage": {"cost": 0.001}}
    return httpx.MockTransport(lambda _: httpx.Response(200, json=body))


@settings(deadline=None, max_examples=60)
@given(rows=ranked, steps=st.lists(policies, min_size=1, max_size=6))
def test_a_conversation_never_gets_a_denied_model_or_one_outside_the_pool(taxonomy, rows, steps):
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
    async with EndpointClient(EndpointConfig(), transport=answering(fields)) as client:
        decider = Decider(
            lambda: Live(table=table, problem=None, classifier=Candidate("sorter")),
            Classifier(taxonomy, client, budget_s=30, max_entries=10),
            max_conversations=10,
        )
        for policy in steps:
            pool = policy["pool"]
            given_policy = policy | {"pool": pool and [{"model": m, "variant": v} for m, v in pool]}
            asked = {
                "user_id": "u",
                "session_id": "s",
                "input": {"api_kind": "messages"},
                "policy": given_policy,
            }
            answer = await decider.decide(convert(asked, DecideRequest), explained=True)
            allowed = {
                pair for pair in on_route if pair[0] not in policy["denied_models"] and (pool is None or pair in pool)
            }
            assert answer.classification is not None
            assert answer.classification.fallback is False
            assert answer.explanation is not UNSET
            assert {(item.model, item.variant) for item in answer.explanation} == set(on_route)
            if answer.decision is None:
                assert answer.reason == "no_candidate"
                assert not allowed
            else:
                assert (answer.decision.model, answer.decision.variant) in allowed


async def test_a_bug_is_no_decision_and_no_exception(taxonomy):
    def broken() -> Live:
        raise KeyError("a bug")

    async with EndpointClient(EndpointConfig()) as client:
        classifier = Classifier(taxonomy, client, budget_s=1, max_entries=1)
        decider = Decider(broken, classifier, max_conversations=1)
        answer = await decider.decide(convert({"user_id": "u", "input": {"api_kind": "messages"}}, DecideRequest))
    assert (answer.decision, answer.reason, answer.cost_usd) == (None, "internal_error", None)
