"""Another table version beside ours."""

import pytest
from msgspec.structs import replace
from tests.unit.shadow.conftest import question

from routelab.decision import decide
from routelab.records import Policy, PoolEntry, RoutingTable, TableCandidate
from routelab.shadow import TableRouter
from routelab_serve.ttl_cache import TtlCache

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
    router = TableRouter(table, TtlCache(10))
    for policy in (None, Policy(denied_models=("cheap",)), Policy(routing_mode="best_accuracy")):
        answer = await router.ask(question(policy=policy, conversation=str(policy)))
        decided = decide(ROUTE, table, policy=policy)
        assert (answer.status, answer.model, answer.variant) == ("answered", decided.model, decided.variant)


async def test_it_keeps_incumbents_of_its_own(table):
    router = TableRouter(table, TtlCache(10))
    assert (await router.ask(question())).model == "cheap"
    elsewhere = question(route="debugging/test_repair")
    assert (await router.ask(elsewhere)).model == "cheap"
    assert (await router.ask(replace(elsewhere, conversation="another"))).model == "other"


async def test_a_guessed_route_makes_no_incumbent(table):
    incumbents: TtlCache[str, PoolEntry] = TtlCache(10)
    await TableRouter(table, incumbents).ask(question(fallback=True))
    assert len(incumbents) == 0


async def test_nobody_may_serve_is_an_answer(table):
    answer = await TableRouter(table, TtlCache(10)).ask(question(policy=Policy(pool=())))
    assert (answer.status, answer.model, answer.reason) == ("answered", None, "no_candidate")


async def test_a_request_without_a_route_is_skipped(table):
    answer = await TableRouter(table, TtlCache(10)).ask(question(route=None))
    assert (answer.status, answer.reason) == ("skipped", "no_route")


async def test_it_answers_where_the_gateway_gave_no_context(table):
    assert (await TableRouter(table, TtlCache(10)).ask(question(context=None))).model == "cheap"


def test_name_and_fingerprint_tell_versions_routes_and_policies_apart(table):
    router = TableRouter(table, TtlCache(10))
    asked = [question(), question(route="x/y"), question(policy=Policy(denied_models=("cheap",)))]
    assert len({router.fingerprint(one) for one in asked}) == 3
    assert router.name == "table:next"
