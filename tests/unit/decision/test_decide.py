from typing import Any

import msgspec
import pytest

from routelab.decision import decide
from routelab.errors import TableError, UserError
from routelab.records import Candidate, Constraints, Decision, Policy, PoolEntry, RoutingTable
from routelab.table import as_table

ROUTE = "debugging/bug_fixing"


def candidate(model: str, accuracy: float, cost: float | None, **more: Any) -> dict[str, Any]:
    return {"model": model, "variant": None, "accuracy": accuracy, "avg_cost_usd": cost, **more}


def sure(model: str, accuracy: float, cost: float) -> dict[str, Any]:
    return candidate(model, accuracy, cost, accuracy_low=0.75, accuracy_high=1.0)


def ruled_out(model: str, accuracy: float, cost: float) -> dict[str, Any]:
    return candidate(model, accuracy, cost, accuracy_low=0.0, accuracy_high=0.7)


def table(*ranked: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"version": "abc", "source": "benchmark", **head, "routes": {ROUTE: list(ranked)}}


def on(model: str, variant: str | None = None) -> dict[str, Any]:
    return {"model": model, "variant": variant}


def outcome(decision: Decision | None) -> tuple[str, bool, str | None] | None:
    return decision and (decision.model, decision.sticky, decision.switch_reason)


THREE = table(candidate("cheap", 0.8, 0.01), candidate("middle", 0.84, 0.03), candidate("dear", 0.9, 0.09))


def test_a_new_conversation_gets_the_first_of_the_table_with_its_evidence() -> None:
    first = {**sure("m", 0.9, 0.02), "variant": "high", "accuracy_low": 0.76}
    assert decide(ROUTE, table(first, sure("n", 1.0, 0.01), source="simulated")) == Decision(
        model="m",
        variant="high",
        route=ROUTE,
        source="simulated",
        table_version="abc",
        sticky=False,
        switch_reason=None,
        evidence="proven",
        accuracy=0.9,
        accuracy_low=0.76,
        avg_cost_usd=0.02,
    )


@pytest.mark.parametrize(
    ("incumbent", "expected"),
    [
        ("cheap", ("cheap", False, None)),
        ("middle", ("middle", True, None)),
        ("dear", ("cheap", False, "cost")),
        ("gone", ("cheap", False, "unavailable")),
    ],
)
def test_the_incumbent_is_kept_unless_the_fresh_pick_is_cheaper_by_more_than_the_factor(
    incumbent: str, expected: tuple[str, bool, str | None]
) -> None:
    assert outcome(decide(ROUTE, THREE, incumbent=on(incumbent))) == expected


@pytest.mark.parametrize(("cost", "kept"), [(0.03, True), (0.0300001, False), (0.0, True)])
def test_exactly_the_factor_does_not_switch(cost: float, kept: bool) -> None:
    two = table(candidate("fresh", 0.8, 0.01), candidate("old", 0.9, cost))
    assert outcome(decide(ROUTE, two, incumbent=on("old"))) == (
        ("old", True, None) if kept else ("fresh", False, "cost")
    )


def test_the_factor_is_the_tables() -> None:
    assert outcome(decide(ROUTE, {**THREE, "switch_cost_factor": 2}, incumbent=on("middle"))) == (
        "cheap",
        False,
        "cost",
    )


def test_an_unknown_cost_proves_no_saving() -> None:
    two = table(candidate("fresh", 0.8, 0.01), candidate("old", 0.9, None))
    assert outcome(decide(ROUTE, two, incumbent=on("old"))) == ("old", True, None)


def test_good_enough_is_what_the_interval_does_not_exclude() -> None:
    doubtful = candidate("old", 0.7, 0.02, accuracy_low=0.4, accuracy_high=0.9)
    two = table(candidate("fresh", 0.8, 0.01), doubtful)
    assert outcome(decide(ROUTE, two, incumbent=on("old"))) == ("old", True, None)
    assert outcome(decide(ROUTE, {**two, "rule": "point"}, incumbent=on("old"))) == ("fresh", False, "threshold")


def test_an_incumbent_whose_interval_excludes_the_threshold_is_left() -> None:
    two = table(candidate("fresh", 0.8, 0.01), ruled_out("old", 0.5, 0.001))
    assert outcome(decide(ROUTE, two, incumbent=on("old"))) == ("fresh", False, "threshold")


def test_where_nobody_is_good_enough_the_first_ranked_serves() -> None:
    two = table(ruled_out("a", 0.5, 0.01), ruled_out("b", 0.4, 0.001))
    assert outcome(decide(ROUTE, two)) == ("a", False, None)
    assert outcome(decide(ROUTE, two, incumbent=on("b"))) == ("a", False, "threshold")
    assert outcome(decide(ROUTE, two, incumbent=on("a"))) == ("a", False, None)


BEST = {"routing_mode": "best_accuracy"}


def test_best_accuracy_takes_the_most_accurate_of_the_best_evidence_group() -> None:
    mixed = table(sure("cheap", 0.85, 0.01), sure("good", 0.9, 0.2), sure("better_value", 0.9, 0.1))
    lucky = candidate("lucky", 1.0, 0.01, accuracy_low=0.3, accuracy_high=1.0)
    mixed["routes"][ROUTE].append(lucky)
    assert outcome(decide(ROUTE, mixed, policy=BEST)) == ("better_value", False, None)
    assert outcome(decide(ROUTE, {**mixed, "rule": "point"}, policy=BEST)) == ("lucky", False, None)
    unproven = table(candidate("x", 0.8, 0.01), lucky, ruled_out("no", 0.6, 0.0))
    assert outcome(decide(ROUTE, unproven, policy=BEST)) == ("lucky", False, None)


@pytest.mark.parametrize(
    ("old", "fresh", "expected"),
    [
        (0.80, 0.85, ("old", True, None)),
        (0.75, 0.80, ("old", True, None)),
        (0.80, 0.8501, ("fresh", False, "accuracy")),
        (0.74, 0.76, ("fresh", False, "threshold")),
    ],
)
def test_best_accuracy_switches_for_more_than_its_threshold(
    old: float, fresh: float, expected: tuple[str, bool, str | None]
) -> None:
    two = table(candidate("old", old, 0.01), candidate("fresh", fresh, 0.5))
    assert outcome(decide(ROUTE, two, incumbent=on("old"), policy=BEST)) == expected


def test_best_accuracy_ignores_cost_when_it_keeps() -> None:
    two = table(candidate("fresh", 0.9, 0.001), candidate("old", 0.88, 5.0))
    assert outcome(decide(ROUTE, two, incumbent=on("old"), policy=BEST)) == ("old", True, None)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"denied_models": ["cheap"]}, ("middle", False, None)),
        ({"denied_models": ["cheap", "middle", "dear"]}, None),
        ({"pool": None}, ("cheap", False, None)),
        ({"pool": []}, None),
        ({"pool": [{"model": "dear"}, {"model": "middle", "variant": None}]}, ("middle", False, None)),
        ({"pool": [{"model": "cheap", "variant": "high"}]}, None),
        ({"pool": [{"model": "cheap"}], "denied_models": ["cheap"]}, None),
        ({}, ("cheap", False, None)),
    ],
)
def test_policy(policy: dict[str, Any], expected: Any) -> None:
    assert outcome(decide(ROUTE, THREE, policy=policy)) == expected


@pytest.mark.parametrize(
    "policy", [{"denied_models": ["middle"]}, {"pool": [{"model": "cheap"}, {"model": "middle", "variant": "x"}]}]
)
def test_an_incumbent_that_may_not_serve_is_unavailable(policy: dict[str, Any]) -> None:
    assert outcome(decide(ROUTE, THREE, incumbent=on("middle"), policy=policy)) == ("cheap", False, "unavailable")


def test_another_variant_is_another_candidate() -> None:
    assert outcome(decide(ROUTE, THREE, incumbent=on("middle", "high"))) == ("cheap", False, "unavailable")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"middle": {"input_modalities": ["text", "image"]}}, "middle"),
        ({"cheap": {"input_modalities": ["image"]}, "middle": {"input_modalities": ["image"]}}, "cheap"),
        ({"dear": {"input_modalities": ["image"]}, "cheap": {"input_modalities": None}}, "dear"),
        ({}, None),
        (None, None),
    ],
)
def test_a_required_modality_needs_knowledge(known: Any, expected: str | None) -> None:
    decision = decide(ROUTE, THREE, constraints={"input_modalities": ["text", "image"]}, capabilities=known)
    assert (decision and decision.model) == expected


def test_text_is_always_supported() -> None:
    decision = decide(
        ROUTE, THREE, constraints={"input_modalities": ["text"]}, capabilities={"cheap": {"input_modalities": []}}
    )
    assert outcome(decision) == ("cheap", False, None)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ({"cheap": 1000}, "cheap"),
        ({"cheap": 999}, "middle"),
        ({"cheap": 999, "middle": 500}, "dear"),
        ({"cheap": 10, "middle": 500, "dear": 300}, "middle"),
        ({"cheap": 500, "middle": 500, "dear": 500}, "cheap"),
        ({"cheap": None}, "cheap"),
    ],
)
def test_a_window_known_to_be_too_small_demotes(windows: dict[str, Any], expected: str) -> None:
    known = {model: {"context_length": window} for model, window in windows.items()}
    decision = decide(ROUTE, THREE, constraints={"prompt_tokens_estimate": 1000}, capabilities=known)
    assert outcome(decision) == (expected, False, None)


def test_an_incumbent_that_cannot_is_left_for_capability() -> None:
    image = {"input_modalities": ["image"]}
    seeing = {"dear": {"input_modalities": ["image"]}}
    assert outcome(decide(ROUTE, THREE, incumbent=on("middle"), constraints=image, capabilities=seeing)) == (
        "dear",
        False,
        "capability",
    )
    long = {"prompt_tokens_estimate": 1000}
    cramped = {model: {"context_length": size} for model, size in (("cheap", 10), ("middle", 20), ("dear", 30))}
    assert outcome(decide(ROUTE, THREE, incumbent=on("middle"), constraints=long, capabilities=cramped)) == (
        "dear",
        False,
        "capability",
    )
    assert outcome(decide(ROUTE, THREE, incumbent=on("dear"), constraints=long, capabilities=cramped)) == (
        "dear",
        False,
        None,
    )


def test_a_cramped_incumbent_is_left_for_one_that_fits() -> None:
    long, tight = {"prompt_tokens_estimate": 1000}, {"middle": {"context_length": 999}}
    left = decide(ROUTE, THREE, incumbent=on("middle"), constraints=long, capabilities=tight)
    assert outcome(left) == ("cheap", False, "capability")


def test_equally_cramped_is_no_reason_to_leave() -> None:
    cramped = {model: {"context_length": 20} for model in ("cheap", "middle", "dear")}
    kept = decide(
        ROUTE,
        THREE,
        incumbent=on("middle"),
        constraints={"prompt_tokens_estimate": 1000},
        capabilities=cramped,
    )
    assert outcome(kept) == ("middle", True, None)


def test_an_unknown_route_and_an_empty_one_decide_nothing() -> None:
    assert decide("no/route", THREE) is None
    assert decide(ROUTE, table()) is None
    assert decide("no/route", THREE, incumbent=on("cheap")) is None


def test_records_and_dicts_decide_alike() -> None:
    by_record = decide(
        ROUTE,
        as_table(THREE),
        incumbent=PoolEntry("middle"),
        policy=Policy(pool=(PoolEntry("cheap"), PoolEntry("middle"))),
        constraints=Constraints(prompt_tokens_estimate=5),
    )
    by_dict = decide(
        ROUTE,
        THREE,
        incumbent={"model": "middle"},
        policy={"pool": [{"model": "cheap"}, {"model": "middle"}]},
        constraints={"prompt_tokens_estimate": 5},
    )
    assert by_record == by_dict
    assert by_record is not None
    assert decide(ROUTE, THREE, incumbent=by_record) == by_record
    assert decide(ROUTE, THREE, incumbent=Candidate("middle")) == by_record


def test_decide_never_checks_the_hash() -> None:
    edited: RoutingTable = msgspec.structs.replace(as_table(THREE), content_sha256="0" * 64)
    assert outcome(decide(ROUTE, edited)) == ("cheap", False, None)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"policy": {"routing_mode": "cheapest"}}, "malformed policy: Invalid enum value 'cheapest'"),
        ({"policy": {"denied_models": "cheap"}}, "malformed policy"),
        ({"policy": []}, "malformed policy"),
        ({"constraints": {"prompt_tokens_estimate": -1}}, "malformed constraints"),
        ({"incumbent": {}}, "malformed incumbent"),
        ({"incumbent": "cheap"}, "malformed incumbent"),
        (
            {"constraints": {"input_modalities": ["image"]}, "capabilities": {"cheap": {"context_length": "big"}}},
            "malformed capabilities of cheap",
        ),
    ],
)
def test_malformed_arguments_are_the_users(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        decide(ROUTE, THREE, **arguments)


def test_a_malformed_table_is_told_apart() -> None:
    with pytest.raises(TableError, match="not a routing table"):
        decide(ROUTE, {"routes": {ROUTE: [{"model": "m"}]}})
