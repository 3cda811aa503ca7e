"""What must hold before a table is served."""

import pytest
from msgspec.structs import replace

from routelab.table import sealed
from routelab_serve.tables import LiveTable
from routelab_serve.tables.document import document_of
from routelab_serve.tables.store_source import StoreSource

ROUTE = "debugging/bug_fixing"


def ranked_as(table, **changes):
    """The table with its first candidate on one route changed, and sealed again."""
    first, *others = table.routes[ROUTE]
    return sealed(replace(table, routes={**table.routes, ROUTE: (replace(first, **changes), *others)}))


def test_a_sound_table_may_be_served(rules, make_table):
    assert rules.refusal(make_table()) is None


@pytest.mark.parametrize("model", ["routelab/auto", "RouteLab/auto", "routelab/"])
def test_a_virtual_model_is_refused(rules, make_table, model):
    assert rules.refusal(ranked_as(make_table(), model=model)).problem == "virtual"


def test_which_models_are_virtual_is_the_operators_choice(rules, make_table):
    table = ranked_as(make_table(), model="acme/auto-router")
    assert rules.refusal(table) is None
    assert rules.refusal(ranked_as(table, model="x")) is None
    strict = replace(rules, virtual_prefixes=("routelab/", "acme/auto"))
    assert strict.refusal(table).problem == "virtual"
    assert replace(rules, virtual_prefixes=()).refusal(ranked_as(table, model="routelab/auto")) is None


def test_a_route_outside_the_taxonomy_is_refused(rules, make_table):
    table = make_table()
    strange = sealed(replace(table, routes={**table.routes, "cooking/soup": table.routes[ROUTE]}))
    refusal = rules.refusal(strange)
    assert (refusal.problem, "cooking/soup" in refusal.detail) == ("taxonomy", True)


@pytest.mark.parametrize("routes", [{}, {ROUTE: ()}])
def test_a_route_without_a_candidate_is_refused(rules, make_table, routes):
    refusal = rules.refusal(sealed(replace(make_table(), routes=routes)))
    assert refusal.problem == "empty"


def test_a_candidate_that_stands_twice_is_refused(rules, make_table):
    refusal = rules.refusal(ranked_as(make_table(), model="middle"))
    assert (refusal.problem, "middle stands twice" in refusal.detail) == ("untrusted", True)


@pytest.mark.parametrize("changes", [{"model": ""}, {"model": " x"}, {"model": "m@low"}, {"variant": "a b"}])
def test_what_names_no_candidate_is_refused(rules, make_table, changes):
    assert rules.refusal(ranked_as(make_table(), **changes)).problem == "untrusted"


async def test_a_virtual_model_in_the_store_leaves_the_last_good_table(make_table, publish, store_url, rules):
    told = []
    live_table = LiveTable(StoreSource(store_url), rules, on_problem=told.append)
    good = publish(make_table())
    await live_table.reload()
    changed = ranked_as(make_table(min_accuracy=0.8), model="routelab/auto")
    publish(changed)
    report = await live_table.reload()
    assert (live_table.live.table.version, live_table.live.problem) == (good.version, "virtual")
    assert (report.changed, report.version, report.problem) == (False, good.version, "virtual")
    assert "routelab/auto is a virtual model" in report.detail
    assert told == ["virtual"]


def test_the_entity_tag_tells_documents_apart(make_table):
    table = make_table()
    once, again = document_of(table), document_of(replace(table, published_at="2026-11-21T00:00:00+00:00"))
    assert once.etag != again.etag
    assert document_of(table) == once
    for header in (once.etag, f"W/{once.etag}", f'"x", {once.etag}', "*"):
        assert once.is_known(header)
    for header in (None, "", again.etag, once.etag.strip('"')):
        assert not once.is_known(header)
