"""Whole runs against the simulated endpoint, whose true skills are known."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from tests.integration.bench.answers import ONE
from tests.integration.bench.golden import CASES, PER_ROUTE, ROUTES
from tests.integration.loopback import SIMULATED, Call, Endpoint, Reply, completion

from routelab.bench import Bench, Progress, run_outcomes
from routelab.records import Candidate
from routelab.store import Store

PRICE = {"input_per_million": 1, "output_per_million": 2, "as_of": "2026-04-01"}

SURE, WRONG = Candidate("sim/sure"), Candidate("sim/wrong")


async def test_a_decider_run_finds_the_true_skills(bench: Callable[..., Bench], store: Store) -> None:
    run = await bench().start("decider")
    assert (run.status, run.stop_reason) == ("completed", None)
    assert run.snapshot.source == "simulated"
    found = {(item.candidate, item.route): item for item in store.results.summaries(run.id)}
    assert list(found) == [(candidate, route) for candidate in (SURE, WRONG) for route in (*ROUTES, None)]
    assert [found[SURE, route].accuracy for route in (*ROUTES, None)] == [1, 1, 1]
    assert [found[WRONG, route].accuracy for route in (*ROUTES, None)] == [0, 0, 0]
    whole = found[SURE, None]
    assert (whole.cases, whole.attempts, whole.infrastructure_failures, whole.errors) == (CASES, CASES, 0, 0)
    assert found[SURE, ROUTES[0]].cases == PER_ROUTE
    assert whole.accuracy_low is not None
    assert whole.accuracy_low < 1
    assert whole.avg_cost_usd is not None
    assert whole.avg_cost_usd > 0


async def test_every_attempt_is_a_row_and_money_adds_up(bench: Callable[..., Bench], store: Store) -> None:
    run = await bench().start("decider")
    attempts = store.results.attempts(run.id)
    cells = {(item.candidate, item.case_id, item.repetition) for item in attempts}
    assert len(cells) == len(attempts) == 2 * CASES
    assert {item.number for item in attempts} == {1}
    assert store.results.spent_usd(run.id) == pytest.approx(sum(item.cost_usd or 0 for item in attempts))
    assert all(item.started_at <= item.ended_at for item in attempts)
    worked = [item for item in attempts if item.case_id == "debugging-bug-fixing-0"]
    assert {item.candidate: item.score for item in worked} == {SURE: 1.0, WRONG: 0.0}
    assert all(item.event_tail and '"event": "tool"' in item.event_tail for item in worked)
    assert run_outcomes(store, run) == attempts


async def test_a_classifier_run_grades_fields_and_routes(bench: Callable[..., Bench], store: Store) -> None:
    run = await bench().start("classifier")
    whole = {item.candidate: item for item in store.results.summaries(run.id) if item.route is None}
    assert (whole[SURE].accuracy, whole[SURE].route_accuracy) == (1.0, 1.0)
    assert (whole[WRONG].accuracy, whole[WRONG].route_accuracy) == (0.0, 0.0)
    assert len(run_outcomes(store, run)) == 2 * CASES


async def test_lanes_keep_to_the_budget_and_take_their_chunks(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    endpoint.script = lambda _call, _number: replace(completion("137"), headers=SIMULATED, delay_s=0.01)
    run = await bench(limits={"max_concurrency": 5}).start("decider")
    assert {item.lane for item in store.results.attempts(run.id)} == {
        f"{candidate} r1 s{shard}" for candidate in (SURE, WRONG) for shard in (0, 1)
    }
    assert endpoint.most_at_once == 4
    order = [f"{route.replace('/', '-').replace('_', '-')}-{n}" for n in range(PER_ROUTE) for route in ROUTES]
    first = [item.case_id for item in store.results.attempts(run.id) if item.lane == "sim/sure r1 s0"]
    assert first == order[0:5] + order[10:]


async def test_repetitions_are_told_and_stored_apart(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    candidates = {"candidates": ["sim/half@high"], "repetitions": 2}
    run = await bench(decider=candidates).start("decider")
    assert {item.repetition for item in store.results.attempts(run.id)} == {1, 2}
    told = [call.headers["x-routelab-repetition"] for call in endpoint.calls]
    assert told.count("1") >= CASES
    assert told.count("2") >= CASES
    assert {call.body["reasoning_effort"] for call in endpoint.calls} == {"high"}
    whole = next(item for item in store.results.summaries(run.id) if item.route is None)
    assert (whole.cases, whole.repetitions, whole.attempts) == (CASES, 2, 2 * CASES)


async def test_a_sample_takes_the_first_cases_of_every_route(bench: Callable[..., Bench], store: Store) -> None:
    run = await bench().start("decider", per_route=2)
    measured = {item.case_id for item in store.results.attempts(run.id)}
    assert measured == {"debugging-bug-fixing-0", "planning-design-0", "debugging-bug-fixing-1", "planning-design-1"}
    assert set(run.snapshot.engine.case_ids or ()) == measured


async def test_progress_counts_up_to_the_whole(bench: Callable[..., Bench]) -> None:
    told: list[Progress] = []
    await bench().start("decider", on_progress=told.append)
    assert (told[0].done, told[0].attempt) == (0, None)
    assert {item.total for item in told} == {2 * CASES}
    assert all(later.done - earlier.done == 1 for earlier, later in pairwise(told))
    assert told[-1].done == 2 * CASES


async def test_a_run_measures_the_same_again(bench: Callable[..., Bench], store: Store) -> None:
    chosen = {"candidates": ["sim/half"]}
    first = await bench(decider=chosen).start("decider")
    second = await bench(decider=chosen).start("decider", force=True)
    scores = [sorted((item.case_id, item.score) for item in store.results.attempts(run.id)) for run in (first, second)]
    assert scores[0] == scores[1]
    assert {score for _, score in scores[0]} == {0.0, 1.0}


async def test_identical_results_are_carried_and_the_run_completes_at_once(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    first = await bench().start("decider")
    paid = len(endpoint.calls)
    second = await bench(policy={"confidence": 0.5}).start("decider")
    assert len(endpoint.calls) == paid
    assert second.status == "completed"
    assert {item.carried_from for item in store.runs.candidates(second.id)} == {first.id}
    assert store.results.attempts(second.id) == []
    assert store.results.spent_usd(second.id) == 0
    before, after = (store.results.summaries(run.id) for run in (first, second))
    assert [(item.candidate, item.route, item.accuracy) for item in before] == [
        (item.candidate, item.route, item.accuracy) for item in after
    ]
    assert {item.carried_from for item in after} == {first.id}
    assert after[0].accuracy_low is not None
    assert before[0].accuracy_low is not None
    assert after[0].accuracy_low > before[0].accuracy_low
    assert len(run_outcomes(store, second)) == 2 * CASES


async def test_carried_results_are_carried_on_from_where_they_were_measured(
    bench: Callable[..., Bench], store: Store
) -> None:
    first = await bench().start("decider")
    await bench().start("decider")
    third = await bench().start("decider")
    assert {item.carried_from for item in store.runs.candidates(third.id)} == {first.id}


async def test_only_what_is_new_is_measured_and_the_budget_counts_only_that(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    await bench().start("decider")
    paid = len(endpoint.calls)
    three = {"candidates": ["sim/sure", "sim/half", "sim/wrong"]}
    run = await bench(decider=three, limits={"max_concurrency": 1}).start("decider")
    assert run.status == "completed"
    assert {call.body["model"] for call in endpoint.calls[paid:]} == {"sim/half"}
    summaries = [item for item in store.results.summaries(run.id) if item.route is None]
    assert [item.candidate.model for item in summaries] == three["candidates"]


async def test_force_measures_again(bench: Callable[..., Bench], store: Store) -> None:
    await bench().start("decider")
    again = await bench().start("decider", force=True)
    assert len(store.results.attempts(again.id)) == 2 * CASES


@pytest.mark.parametrize(
    "change",
    [
        {"decider": {"repetitions": 2}},
        {"limits": {"timeout_s": 20}},
        {"limits": {"max_steps": 5}},
    ],
)
async def test_nothing_is_carried_where_the_engine_differs(
    bench: Callable[..., Bench], store: Store, change: dict[str, dict[str, int]]
) -> None:
    await bench().start("decider", per_route=1)
    other = await bench(**change).start("decider", per_route=1)
    assert {item.carried_from for item in store.runs.candidates(other.id)} == {None}


@pytest.mark.parametrize(
    ("section", "before", "after"),
    [
        ("limits", {"max_case_cost_usd": 0.5}, {"max_case_cost_usd": 0.6}),
        ('prices."sim/sure"', {**PRICE, "input_per_million": 1}, {**PRICE, "input_per_million": 2}),
        ('capabilities."sim/sure"', {"context_length": 1000}, {"context_length": 2000}),
    ],
)
async def test_a_candidate_is_measured_again_where_its_outcomes_may_differ(
    bench: Callable[..., Bench], store: Store, section: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    first = await bench(decider=ONE, **{section: before}).start("decider", per_route=1)
    same = await bench(decider=ONE, **{section: before}).start("decider", per_route=1)
    other = await bench(decider=ONE, **{section: after}).start("decider", per_route=1)
    assert [item.carried_from for item in store.runs.candidates(same.id)] == [first.id]
    assert [item.carried_from for item in store.runs.candidates(other.id)] == [None]


async def test_when_a_price_was_read_changes_no_outcome(bench: Callable[..., Bench], store: Store) -> None:
    first = await bench(decider=ONE, **{'prices."sim/sure"': PRICE}).start("decider", per_route=1)
    later = {**PRICE, "as_of": "2026-05-01"}
    second = await bench(decider=ONE, **{'prices."sim/sure"': later}).start("decider", per_route=1)
    assert [item.carried_from for item in store.runs.candidates(second.id)] == [first.id]


async def test_a_sample_is_not_carried_into_the_whole(bench: Callable[..., Bench], store: Store) -> None:
    await bench().start("decider", per_route=1)
    whole = await bench().start("decider")
    assert {item.carried_from for item in store.runs.candidates(whole.id)} == {None}


async def test_a_candidate_that_lost_cells_is_measured_again(
    bench: Callable[..., Bench], store: Store, endpoint: Endpoint
) -> None:
    def script(call: Call, _: int) -> Reply | None:
        broken = call.body["model"] == "sim/sure" and "question 3 " in call.body["messages"][0]["content"]
        return Reply({"error": "no"}, status=400) if broken else None

    endpoint.script = script
    first = await bench().start("decider")
    assert first.status == "completed"
    endpoint.script = lambda _call, _number: None
    second = await bench().start("decider")
    assert {item.candidate: item.carried_from for item in store.runs.candidates(second.id)} == {
        SURE: None,
        WRONG: first.id,
    }
