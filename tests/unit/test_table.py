import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.errors import TableError
from routelab.records import RoutingTable
from routelab.table import as_table, build_table, dump_table, load_table, sealed

AT = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
ROUTES = ("debugging/bug_fixing", "refactoring/migration")


def row(model: str, route: str = ROUTES[0], **changes: Any) -> dict[str, Any]:
    return {
        "model": model,
        "variant": None,
        "route": route,
        "accuracy": 0.9,
        "accuracy_low": 0.6,
        "accuracy_high": 0.98,
        "cases": 4,
        "repetitions": 1,
        "avg_cost_usd": 0.01,
        "p50_latency_ms": 10.0,
        "p95_latency_ms": 20.0,
        **changes,
    }


def table(*rows: dict[str, Any], **options: Any) -> RoutingTable:
    given_rows = rows or (row("a"), row("b", avg_cost_usd=0.002), row("a", ROUTES[1]))
    return build_table(given_rows, **{"routes": ROUTES, "run_ids": ["r1"], "generated_at": AT, **options})


def test_every_route_is_ranked_and_says_what_it_rests_on() -> None:
    built = table(source="simulated", taxonomy_version="v7")
    assert [candidate.model for candidate in built.routes[ROUTES[0]]] == ["b", "a"]
    assert list(built.routes) == list(ROUTES)
    assert built.run_ids == ("r1",)
    assert (built.source, built.taxonomy_version) == ("simulated", "v7")
    assert built.generated_at == "2031-02-03T04:05:06+00:00"
    assert built.published_at is None


def test_the_defaults_of_the_contract() -> None:
    built = table()
    assert (built.min_accuracy, built.confidence, built.rule) == (0.75, 0.9, "proven")
    assert (built.switch_cost_factor, built.best_accuracy_switch_threshold) == (3, 0.05)


def test_timestamps_are_utc() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert table(generated_at=elsewhere).generated_at == "2031-02-03T04:05:06+00:00"
    now = build_table([], routes=ROUTES).generated_at
    assert now is not None
    assert datetime.fromisoformat(now).utcoffset() == timedelta(0)


def test_a_route_that_nobody_can_be_ranked_on_stays_visible() -> None:
    built = table(row("a"), row("b", ROUTES[1], avg_cost_usd=None), row("c", "other/route"))
    assert built.routes[ROUTES[1]] == ()
    assert set(built.routes) == set(ROUTES)


def test_the_version_is_the_content_that_went_in() -> None:
    rows = (row("a"), row("b"), row("a", ROUTES[1]))
    version = table(*rows).version
    assert table(*reversed(rows)).version == version
    assert table(*rows, generated_at=AT + timedelta(days=1)).version == version
    changed: list[dict[str, Any]] = [
        {"run_ids": ["r2"]},
        {"source": "imported"},
        {"min_accuracy": 0.7},
        {"confidence": 0.8},
        {"rule": "point"},
        {"switch_cost_factor": 4},
        {"best_accuracy_switch_threshold": 0.1},
        {"taxonomy_version": "v8"},
    ]
    versions = {table(*rows, **options).version for options in changed}
    versions.add(table(row("a", accuracy=0.91), *rows[1:]).version)
    assert len(versions | {version}) == len(changed) + 2


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([row("a"), row("a")], "candidate a .* stands 2 times"),
        ([row("a", accuracy=1.2)], "accuracy"),
        ([row("a", avg_cost_usd=-0.1)], "avg_cost_usd"),
        ([{"route": ROUTES[0], "accuracy": 0.9, "avg_cost_usd": 1.0}], "model"),
    ],
)
def test_a_malformed_summary_names_its_route(rows: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(TableError, match=f"route {ROUTES[0]}: .*{complaint}"):
        table(*rows)


def test_the_same_candidate_in_two_variants_is_no_duplicate() -> None:
    assert len(table(row("a"), row("a", variant="high")).routes[ROUTES[0]]) == 2


def test_a_written_table_reads_back_as_it_was() -> None:
    built = table()
    assert load_table(dump_table(built)) == built


shares = st.floats(0, 1)
amounts = st.none() | st.floats(0, 1e9)
candidates = st.builds(
    lambda model, variant, accuracy, bounds, cost, p50: row(
        model,
        variant=variant,
        accuracy=accuracy,
        accuracy_low=bounds and min(bounds),
        accuracy_high=bounds and max(bounds),
        avg_cost_usd=cost,
        p50_latency_ms=p50,
    ),
    st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable()),
    st.sampled_from([None, "high"]),
    shares,
    st.none() | st.tuples(shares, shares),
    st.floats(0, 1e9),
    amounts,
)
tables = st.builds(
    lambda rows, minimum, rule: table(*rows, min_accuracy=minimum, rule=rule),
    st.lists(candidates, min_size=1, max_size=4, unique_by=lambda item: (item["model"], item["variant"])),
    shares,
    st.sampled_from(["proven", "point"]),
)


@given(tables)
def test_any_table_survives_the_round_trip(built: RoutingTable) -> None:
    assert load_table(dump_table(built)) == built
    assert as_table(json.loads(dump_table(built))) == built


@given(tables, st.data())
def test_any_edit_of_a_written_table_is_noticed(built: RoutingTable, data: st.DataObject) -> None:
    document = json.loads(dump_table(built))
    ranked = document["routes"][ROUTES[0]]
    place = data.draw(st.integers(0, len(ranked) - 1))
    field, value = data.draw(
        st.sampled_from(
            [
                ("model", "other" + ranked[place]["model"]),
                ("variant", "edited"),
                ("accuracy", 0.123456789),
                ("avg_cost_usd", 0.123456789),
                ("cases", 5),
                ("meets_threshold", not ranked[place]["meets_threshold"]),
                ("evidence", {"proven": "rejected"}.get(ranked[place]["evidence"], "proven")),
            ]
        )
    )
    ranked[place][field] = value
    with pytest.raises(TableError, match="changed after it was written"):
        load_table(json.dumps(document).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"min_accuracy": 0.1},
        {"source": "imported"},
        {"rule": "point"},
        {"version": "0"},
        {"generated_at": None},
        {"run_ids": []},
        {"routes": {}},
        {"content_sha256": "0" * 64},
    ],
)
def test_an_edit_of_the_head_is_noticed(change: dict[str, Any]) -> None:
    document = {**json.loads(dump_table(table())), **change}
    with pytest.raises(TableError, match=r"live\.json was changed"):
        load_table(json.dumps(document).encode(), origin="live.json")


def test_going_live_again_does_not_make_another_table() -> None:
    built = table()
    live = msgspec.structs.replace(built, published_at="2031-02-04T00:00:00+00:00")
    assert load_table(dump_table(live)) == live
    assert sealed(live).content_sha256 == built.content_sha256


@pytest.mark.parametrize(
    "document",
    [b"", b"not json", b"[]", b"{}", b"null", b"\xff\xfe", b'{"routes": {"a/b": 1}}', b"[" * 100_000],
)
def test_what_is_no_table_is_one_clear_error(document: bytes) -> None:
    with pytest.raises(TableError, match=r"live\.json is not a routing table"):
        load_table(document, origin="live.json")


def test_a_table_without_its_hash_is_not_trusted() -> None:
    bare = msgspec.structs.replace(table(), content_sha256=None)
    with pytest.raises(TableError, match="no content_sha256"):
        load_table(dump_table(bare))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_arbitrary_bytes_never_crash_the_reader(document: bytes) -> None:
    with pytest.raises(TableError):
        load_table(document)


def test_a_plain_dict_is_completed_where_it_is_silent() -> None:
    silent = {"model": "a", "accuracy": 0.8, "accuracy_low": 0.76, "accuracy_high": 0.9, "avg_cost_usd": 1.0}
    told = {**silent, "model": "b", "evidence": "unproven", "meets_threshold": False}
    read = as_table({"routes": {ROUTES[0]: [silent, told]}})
    first, second = read.routes[ROUTES[0]]
    assert (first.evidence, first.meets_threshold) == ("proven", True)
    assert (second.evidence, second.meets_threshold) == ("unproven", False)
    strict = as_table({"min_accuracy": 0.95, "routes": {ROUTES[0]: [silent]}}).routes[ROUTES[0]][0]
    assert (strict.evidence, strict.meets_threshold) == ("rejected", False)


@pytest.mark.parametrize(
    "given_dict",
    [
        {},
        {"routes": None},
        {"routes": []},
        {"routes": {"a/b": "c"}},
        {"routes": {"a/b": ["c"]}},
        {"routes": {"a/b": [{"model": "m"}]}},
        {"routes": {"a/b": [{"model": "m", "accuracy": "high"}]}},
        {"routes": {}, "min_accuracy": "most"},
        {"routes": {}, "rule": "other"},
    ],
)
def test_a_dict_that_is_no_table_is_refused(given_dict: dict[str, Any]) -> None:
    with pytest.raises(TableError, match="not a routing table"):
        as_table(given_dict)
