"""Another table version beside ours."""

import asyncio

import pytest
from msgspec.structs import replace
from tests.unit.shadow.conftest import Kept, question

from routelab.decision import decide
from routelab.records import Policy, RoutingTable, TableCandidate
from routelab.shadow import ShadowRunner, TableRouter

ROUTE = "debugging/bug_fixing"


def candidate(model, cost, **changes):
    given = {"accuracy": 0.9, "accuracy_low": 0.85, "accuracy_high": 0.95, "evidence": "proven"}
    return TableCandidate(model=model, avg_cost_usd=cost, **{**given, "meets_threshold": True, **changes})


@pytest.fixture
def table():
    return RoutingTable(
        version="next",
        routes={
            ROUTE: (candidate("cheap", 0.001), candidate("dear", 0.1)),
            "debugging/test_repair": (candidate("other", 0.001), candidate("cheap", 0.002)),
        },
    )


async def test_it_answers_as_the_shim_would_decide_on_that_table(table):
    router = TableRouter("next", Kept(), table=table)
    for policy in (None, Policy(denied_models=("cheap",)), Policy(routing_mode="best_accuracy")):
        answer = await router.ask(question(policy=policy, conversation=str(policy)))
        decided = decide(ROUTE, table, policy=policy)
        assert (answer.status, answer.model, answer.variant) == ("answered", decided.model, decided.variant)


async def test_it_keeps_incumbents_of_its_own(table):
    router = TableRouter("next", Kept(), table=table)
    assert (await router.ask(question())).model == "cheap"
    elsewhere = question(route="debugging/test_repair")
    assert (await router.ask(elsewhere)).model == "cheap"
    assert (await router.ask(replace(elsewhere, conversation="another"))).model == "other"


async def test_a_guessed_route_makes_no_incumbent(table):
    incumbents = Kept()
    await TableRouter("next", incumbents, table=table).ask(question(fallback=True))
    assert incumbents == {}


async def test_nobody_may_serve_is_an_answer(table):
    answer = await TableRouter("next", Kept(), table=table).ask(question(policy=Policy(pool=())))
    assert (answer.status, answer.model, answer.reason) == ("answered", None, "no_candidate")


async def test_until_its_table_is_there_it_skips(table):
    router = TableRouter("next", Kept())
    assert router.reason_to_skip(question()) == "no_table"
    router.table = table
    assert router.reason_to_skip(question()) is None


async def test_it_answers_where_the_gateway_gave_no_context(table):
    assert (await TableRouter("next", Kept(), table=table).ask(question(context=None))).model == "cheap"


async def picks(table, *asked):
    """What the router picks for one request after another of a conversation."""
    records = []
    router = TableRouter("next", Kept(), table=table)
    runner = ShadowRunner([router], sink=records.append, answers=Kept())
    for number, changes in enumerate(asked):
        assert runner.ask(question(decision_id=str(number), **changes)) == "pending"
        await asyncio.sleep(0.01)
    assert [(line.router, line.cached) for line in records] == [("table:next", False)] * len(asked)
    return [line.answer.model for line in records]


async def test_the_same_request_again_is_decided_anew_on_the_incumbent_of_now(table):
    asked = {"content": "A", "route": "debugging/test_repair"}
    elsewhere, denied = {"content": "B"}, {**asked, "content": "C", "policy": Policy(denied_models=("other",))}
    assert await picks(table, asked, elsewhere, asked) == ["other", "cheap", "cheap"]
    assert await picks(table, asked, denied, asked) == ["other", "cheap", "cheap"]


async def test_a_guess_does_not_stand_for_the_classification_that_follows(table):
    elsewhere = {"route": "debugging/test_repair", "content": "B"}
    assert await picks(table, {"fallback": True}, {"fallback": False}, elsewhere) == ["cheap"] * 3
    assert await picks(table, {"fallback": True}, elsewhere) == ["cheap", "other"]
