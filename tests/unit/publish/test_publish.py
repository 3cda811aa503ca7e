"""The gate, over a real store."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.spec.samples import ATLAS, CEDAR, NOON, ROUTES, run, summary

from routelab.errors import TableError, UserError
from routelab.publish import build_from_runs, publish_classifier, publish_decider, publish_table
from routelab.records import Candidate, RunCandidate, Summary
from routelab.store import Store, open_store
from routelab.table import TableRules

Finish = Callable[..., str]
RULES = TableRules(sources=frozenset({"benchmark", "simulated"}), taxonomy_version="v1", routes=frozenset(ROUTES))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'routelab.db'}")
    yield opened
    opened.close()


@pytest.fixture
def finish(store: Store) -> Finish:
    """Puts a run with summaries into the store; `status` None leaves it running."""

    def make(
        run_id: str = "decider-1",
        summaries: list[Summary] | None = None,
        *,
        status: Any = "completed",
        **changes: Any,
    ) -> str:
        made = run(run_id, at=NOON + timedelta(minutes=int(run_id[-1])), **changes)
        store.runs.create(made, [RunCandidate(ATLAS)])
        rows = [summary(route) for route in (*ROUTES, None)] if summaries is None else summaries
        store.results.write_summaries(run_id, rows)
        if status is not None:
            store.runs.end(run_id, status)
        return run_id

    return make


def test_a_completed_run_becomes_the_live_table(store: Store, finish: Finish) -> None:
    table = publish_decider(
        store, finish(min_accuracy=0.6, confidence=0.8, rule="point", switch_cost_factor=2.0), RULES
    )
    assert (table.min_accuracy, table.confidence, table.rule, table.switch_cost_factor) == (0.6, 0.8, "point", 2.0)
    assert (table.source, table.run_ids, table.taxonomy_version) == ("simulated", ("decider-1",), "v1")
    assert table.published_at is not None
    assert store.tables.live() == table
    assert [item.version for item in store.tables.history()] == [table.version]


def test_building_publishes_nothing(store: Store, finish: Finish) -> None:
    table = build_from_runs(store, [finish()])
    assert store.tables.live() is None
    assert store.tables.get(table.version) == table


def test_building_again_gives_the_table_that_is_kept(store: Store, finish: Finish) -> None:
    finish()
    assert build_from_runs(store, ["decider-1"]) == build_from_runs(store, ["decider-1"])


@pytest.mark.parametrize(
    "unusable",
    [
        [summary(ROUTES[0]), summary(None)],
        [summary(ROUTES[0]), summary(ROUTES[1], avg_cost_usd=None, costed=0)],
        [summary(ROUTES[0]), summary(ROUTES[1], accuracy=None, accuracy_low=None, accuracy_high=None, cases=0)],
    ],
    ids=["no summary", "no known cost", "nothing graded"],
)
def test_an_empty_route_stops_the_publish_and_the_live_table_stays(
    store: Store, finish: Finish, unusable: list[Summary]
) -> None:
    live = publish_decider(store, finish("decider-1"), RULES)
    with pytest.raises(TableError, match=f"no candidate has both a graded case and a known cost on {ROUTES[1]}; "):
        publish_decider(store, finish("decider-2", unusable), RULES)
    assert store.tables.live() == live
    assert len(store.tables.history()) == 1


@pytest.mark.parametrize(
    ("changes", "rules", "complaint"),
    [
        ({}, {"sources": frozenset({"benchmark"})}, "is simulated, which serve.sources does not name"),
        ({"taxonomy_version": "v0"}, {}, "is for taxonomy v0, not for v1"),
        ({}, {"routes": frozenset(ROUTES[:1])}, f"has routes outside the taxonomy: {ROUTES[1]}"),
        ({}, {"virtual_prefixes": ("SIM/",)}, f"route {ROUTES[0]}: {ATLAS.model} is a virtual model"),
    ],
    ids=["source", "taxonomy", "route", "virtual"],
)
def test_what_no_shim_would_serve_is_not_published(
    store: Store, finish: Finish, changes: dict[str, Any], rules: dict[str, Any], complaint: str
) -> None:
    live = publish_decider(store, finish("decider-1"), RULES)
    with pytest.raises(TableError) as caught:
        publish_decider(store, finish("decider-2", **changes), replace(RULES, **rules))
    version = build_from_runs(store, ["decider-2"]).version
    said = str(caught.value)
    assert said.startswith(f"not published: table {version}")
    assert said.endswith("; the live table stays as it was")
    assert complaint in said
    assert store.tables.live() == live
    assert len(store.tables.history()) == 1


def test_a_rollback_goes_through_the_gate_too(store: Store, finish: Finish) -> None:
    old = publish_decider(store, finish("decider-1"), RULES)
    new = publish_decider(store, finish("decider-2"), RULES)
    with pytest.raises(TableError, match=r"serve\.sources does not name"):
        publish_table(store, old.version, replace(RULES, sources=frozenset({"benchmark"})))
    assert store.tables.live() == new


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"sources": frozenset({"benchmark"})}, "classifier quick is simulated, which serve.sources does not name"),
        ({"virtual_prefixes": ("qui",)}, "classifier quick is a virtual model"),
    ],
)
def test_a_classifier_that_no_shim_would_ask_is_not_published(
    store: Store, finish: Finish, rules: dict[str, Any], complaint: str
) -> None:
    finish("classifier-1", classifiers(("quick", 0.8, 900.0)), kind="classifier")
    with pytest.raises(TableError, match=f"^not published: {complaint}; the classifier published before stays$"):
        publish_classifier(store, "classifier-1", replace(RULES, **rules))
    assert store.tables.winner() is None


def test_an_older_version_again_is_a_rollback(store: Store, finish: Finish) -> None:
    old = publish_decider(store, finish("decider-1"), RULES)
    new = publish_decider(store, finish("decider-2"), RULES)
    assert old.version != new.version
    back = publish_table(store, old.version, RULES)
    assert back.version == old.version
    assert store.tables.live() == back
    assert [item.version for item in store.tables.history()] == [old.version, new.version, old.version]


def test_an_unknown_version_is_the_users_mistake(store: Store) -> None:
    with pytest.raises(UserError, match="there is no routing table 0123"):
        publish_table(store, "0123", RULES)


@pytest.mark.parametrize("status", ["interrupted", None])
def test_only_a_completed_run_makes_a_table(store: Store, finish: Finish, status: str | None) -> None:
    finish(status=status)
    with pytest.raises(UserError, match="finish it with `routelab runs resume decider-1`"):
        publish_decider(store, "decider-1", RULES)


def test_a_classifier_run_makes_no_table(store: Store, finish: Finish) -> None:
    with pytest.raises(UserError, match="is a classifier run; a table is built from decider runs"):
        publish_decider(store, finish("classifier-1", kind="classifier"), RULES)


def test_a_table_needs_a_run(store: Store) -> None:
    with pytest.raises(UserError, match="at least one run"):
        build_from_runs(store, [])


@pytest.mark.parametrize(
    "difference",
    [
        {"min_accuracy": 0.6},
        {"rule": "point"},
        {"confidence": 0.8},
        {"switch_cost_factor": 2.0},
        {"best_accuracy_switch_threshold": 0.1},
        {"taxonomy_version": "v2"},
        {"source": "benchmark"},
    ],
)
def test_runs_that_differ_in_what_a_table_states_once_do_not_share_one(
    store: Store, finish: Finish, difference: dict[str, Any]
) -> None:
    finish("decider-1")
    finish("decider-2", **difference)
    [name] = difference
    with pytest.raises(UserError, match=f"runs decider-1 and decider-2 differ in {name} and cannot share a table"):
        build_from_runs(store, ["decider-1", "decider-2"])


def test_of_two_measurements_the_run_named_last_counts(store: Store, finish: Finish) -> None:
    finish("decider-1", [summary(route, ATLAS, accuracy=0.1) for route in ROUTES])
    finish("decider-2", [summary(route, who, accuracy=0.2) for route in ROUTES for who in (ATLAS, CEDAR)])
    for order, expected in ((("decider-1", "decider-2"), 0.2), (("decider-2", "decider-1"), 0.1)):
        table = build_from_runs(store, order)
        assert table.run_ids == order
        assert {item.candidate: item.accuracy for item in table.routes[ROUTES[0]]} == {ATLAS: expected, CEDAR: 0.2}


def classifiers(*rows: tuple[str, float | None, float | None]) -> list[Summary]:
    """Whole summaries of (model, accuracy, p95 latency), all at one cost."""
    return [
        summary(route, Candidate(model), accuracy=accuracy if route is None else 1.0, p95_latency_ms=p95)
        for model, accuracy, p95 in rows
        for route in (ROUTES[0], None)
    ]


def test_the_winner_of_a_classifier_run_is_published_from_its_snapshot(store: Store, finish: Finish) -> None:
    rows = classifiers(("slow", 0.99, 1500.0), ("quick", 0.8, 900.0), ("poor", 0.5, 10.0))
    finish("classifier-1", rows, kind="classifier", classifier_max_p95_latency_ms=1000.0)
    winner = publish_classifier(store, "classifier-1", RULES)
    assert (winner.candidate, winner.accuracy, winner.source) == (Candidate("quick"), 0.8, "simulated")
    assert store.tables.winner() == winner


def test_a_run_that_graded_nothing_leaves_the_winner_as_it_was(store: Store, finish: Finish) -> None:
    finish("classifier-1", classifiers(("quick", 0.8, 900.0)), kind="classifier")
    before = publish_classifier(store, "classifier-1", RULES)
    finish("classifier-2", classifiers(("quick", None, None)), kind="classifier")
    with pytest.raises(TableError, match="graded nothing; the classifier published before stays"):
        publish_classifier(store, "classifier-2", RULES)
    assert store.tables.winner() == before


@pytest.mark.parametrize(
    ("run_id", "kind", "status"), [("decider-1", "decider", "completed"), ("classifier-1", "classifier", "interrupted")]
)
def test_no_other_run_makes_a_classifier(store: Store, finish: Finish, run_id: str, kind: str, status: str) -> None:
    finish(run_id, kind=kind, status=status)
    with pytest.raises(UserError, match="is no completed classifier run"):
        publish_classifier(store, run_id, RULES)
    assert store.tables.winner() is None
