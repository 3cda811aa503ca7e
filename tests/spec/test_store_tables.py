"""Routing tables, publications and the classifier winner in the store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from tests.spec.samples import ATLAS, CEDAR, NOON, ROUTES, run, summary, winner

from routelab.errors import StoreError, TableError, UserError
from routelab.records import RoutingTable, RunCandidate
from routelab.store import Store, schema
from routelab.table import build_table, verify_table


def table(*run_ids: str, **changes: Any) -> RoutingTable:
    rows = [summary(route, candidate) for route in ROUTES for candidate in (ATLAS, CEDAR)]
    given = {"routes": ROUTES, "run_ids": run_ids, "source": "simulated", "taxonomy_version": "v1", **changes}
    return build_table(rows, generated_at=NOON, **given)


@pytest.fixture
def kept(store: Store) -> RoutingTable:
    made = table("decider-1", "decider-2")
    store.tables.add(made)
    return made


def edit(store: Store, target: Any, **values: Any) -> None:
    with store.database.writing() as connection:
        connection.execute(update(target).values(**values))


def test_a_table_reads_back_as_it_was(store: Store, kept: RoutingTable) -> None:
    found = store.tables.get(kept.version)
    assert found == kept
    verify_table(found)
    assert list(found.routes) == list(ROUTES)


def test_an_empty_route_stays_in_the_table(store: Store) -> None:
    made = table(routes=("z/last_by_name", *ROUTES))
    store.tables.add(made)
    assert store.tables.get(made.version).routes["z/last_by_name"] == ()
    assert list(store.tables.get(made.version).routes) == ["z/last_by_name", *ROUTES]


def test_the_same_version_is_kept_once(store: Store, kept: RoutingTable) -> None:
    again = build_table(
        [summary(route, candidate) for route in ROUTES for candidate in (ATLAS, CEDAR)],
        routes=ROUTES,
        run_ids=kept.run_ids,
        source="simulated",
        taxonomy_version="v1",
    )
    assert again.version == kept.version
    store.tables.add(again)
    assert store.tables.get(kept.version) == kept


def test_an_unknown_version_is_the_users_mistake(store: Store) -> None:
    for call in (store.tables.get, lambda version: store.tables.publish(version, NOON)):
        with pytest.raises(UserError, match="there is no routing table 0123"):
            call("0123")
    assert store.tables.history() == []


def test_nothing_is_live_before_the_first_publish(store: Store, kept: RoutingTable) -> None:
    assert store.tables.live() is None
    assert store.tables.history() == []


def test_the_table_published_last_is_live_also_an_older_one_again(store: Store, kept: RoutingTable) -> None:
    newer = table("decider-3")
    store.tables.add(newer)
    times = [NOON + timedelta(hours=hour) for hour in range(3)]
    for version, at in zip((kept.version, newer.version, kept.version), times, strict=True):
        store.tables.publish(version, at)
    live = store.tables.live()
    assert live is not None
    assert (live.version, live.published_at) == (kept.version, times[2].isoformat())
    verify_table(live)
    published = [(item.version, item.published_at) for item in store.tables.history()]
    assert published == [(kept.version, times[2]), (newer.version, times[1]), (kept.version, times[0])]
    assert {item.source for item in store.tables.history()} == {"simulated"}


@pytest.mark.parametrize(
    ("target", "values"),
    [
        (schema.table_candidates, {"accuracy": 0.99}),
        (schema.table_candidates, {"avg_cost_usd": None}),
        (schema.table_candidates, {"evidence": "proven"}),
        (schema.tables, {"min_accuracy": 0.1}),
        (schema.tables, {"source": "benchmark"}),
        (schema.tables, {"content_sha256": "0" * 64}),
        (schema.table_runs, {"run_id": "decider-9"}),
    ],
)
def test_a_row_that_was_changed_is_not_trusted(
    store: Store, kept: RoutingTable, target: Any, values: dict[str, Any]
) -> None:
    store.tables.publish(kept.version, NOON)
    edit(store, target, **values)
    for call in (lambda: store.tables.get(kept.version), store.tables.live):
        with pytest.raises(TableError, match="was changed after it was written"):
            call()
    with pytest.raises(TableError, match="was changed"):
        store.tables.publish(kept.version, NOON)
    assert len(store.tables.history()) == 1


def test_a_row_that_was_removed_or_added_is_noticed(store: Store, kept: RoutingTable) -> None:
    with store.database.writing() as connection:
        connection.execute(schema.table_candidates.delete().where(schema.table_candidates.c.position == 1))
    with pytest.raises(TableError, match="was changed"):
        store.tables.get(kept.version)


def test_a_candidate_on_an_unknown_route_is_noticed(store: Store, kept: RoutingTable) -> None:
    row = {"version": kept.version, "route": "made/up", "position": 0, "model": "m", "accuracy": 1.0}
    with store.database.writing() as connection:
        connection.execute(insert(schema.table_candidates).values(**row, meets_threshold=True, evidence="proven"))
    with pytest.raises(TableError, match="unknown route made/up"):
        store.tables.get(kept.version)


def test_a_table_without_its_hash_is_not_kept(store: Store) -> None:
    bare = RoutingTable(version="0123", routes={})
    with pytest.raises(StoreError, match="only a sealed table"):
        store.tables.add(bare)
    with pytest.raises(UserError):
        store.tables.get("0123")


def test_the_winner_published_last_counts(store: Store) -> None:
    assert store.tables.winner() is None
    store.runs.create(run("classifier-1", kind="classifier"), [RunCandidate(CEDAR)])
    first, second = winner(), winner(candidate=ATLAS, accuracy=None, avg_cost_usd=0.1 + 0.2, p95_latency_ms=None)
    store.tables.publish_winner(first)
    assert store.tables.winner() == first
    store.tables.publish_winner(second)
    assert store.tables.winner() == second


def test_a_winner_of_no_run_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refused a row"):
        store.tables.publish_winner(winner(run_id="classifier-9", published_at=datetime.now(UTC)))
    assert store.tables.winner() is None
