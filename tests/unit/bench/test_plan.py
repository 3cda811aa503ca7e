from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routelab.bench import shard_count
from routelab.bench.plan import CHUNK_SIZE, chunk_cases, plan_lanes
from routelab.errors import UserError
from routelab.records import Candidate

SMALL = st.integers(0, 12)


def names(kind: str, count: int) -> list[str]:
    return [f"{kind}-{number}" for number in range(count)]


def candidates(count: int) -> list[Candidate]:
    return [Candidate(name) for name in names("model", count)]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"candidates": 2, "repetitions": 1, "chunks": 15, "budget": 8}, 4),
        ({"candidates": 2, "repetitions": 3, "chunks": 15, "budget": 8}, 1),
        ({"candidates": 3, "repetitions": 3, "chunks": 15, "budget": 8}, 0),
        ({"candidates": 1, "repetitions": 1, "chunks": 3, "budget": 100}, 3),
        ({"candidates": 0, "repetitions": 1, "chunks": 15, "budget": 8}, 0),
        ({"candidates": 2, "repetitions": 1, "chunks": 0, "budget": 8}, 0),
    ],
)
def test_shard_count(given_: dict[str, int], expected: int) -> None:
    assert shard_count(**given_) == expected


@given(SMALL, st.integers(1, 5), SMALL, st.integers(1, 100))
def test_shards_never_exceed_chunks_or_budget_and_never_waste_a_whole_shard(
    count: int, repetitions: int, chunks: int, budget: int
) -> None:
    shards = shard_count(candidates=count, repetitions=repetitions, chunks=chunks, budget=budget)
    pairs = count * repetitions
    assert 0 <= shards <= chunks
    assert shards * pairs <= budget
    assert pairs == 0 or shards == chunks or (shards + 1) * pairs > budget


@given(st.integers(0, 40))
def test_chunks_hold_five_cases_in_order(count: int) -> None:
    chunks = chunk_cases(names("case", count))
    assert [case for chunk in chunks for case in chunk] == names("case", count)
    assert all(len(chunk) == CHUNK_SIZE == 5 for chunk in chunks[:-1])
    assert all(chunks)


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 60), st.integers(1, 40), st.data())
def test_every_cell_without_a_row_is_run_exactly_once_within_the_budget(
    count: int, repetitions: int, cases: int, budget: int, data: st.DataObject
) -> None:
    assume(count * repetitions <= budget)
    models, case_ids = candidates(count), names("case", cases)
    cells = [(model, n, case) for model in models for n in range(1, repetitions + 1) for case in case_ids]
    done = set(data.draw(st.lists(st.sampled_from(cells), max_size=30))) if cells else set()
    lanes = plan_lanes(models, case_ids, repetitions=repetitions, max_concurrency=budget, done=done)
    planned = Counter((lane.candidate, lane.repetition, case) for lane in lanes for case in lane.case_ids)
    assert planned == Counter(set(cells) - done)
    assert len(lanes) <= budget
    assert all(lane.case_ids for lane in lanes)
    assert len({lane.name for lane in lanes}) == len(lanes)


@given(st.integers(1, 3), st.integers(1, 60), st.integers(1, 20))
def test_the_lane_of_shard_s_runs_chunks_s_and_every_shards_th_after_it(count: int, cases: int, budget: int) -> None:
    assume(count <= budget)
    chunks = chunk_cases(names("case", cases))
    shards = shard_count(candidates=count, repetitions=1, chunks=len(chunks), budget=budget)
    for lane in plan_lanes(candidates(count), names("case", cases), repetitions=1, max_concurrency=budget):
        expected = [case for number in range(lane.shard, len(chunks), shards) for case in chunks[number]]
        assert list(lane.case_ids) == expected


def test_a_case_keeps_its_lane_when_a_run_is_resumed() -> None:
    fixed = {"repetitions": 1, "max_concurrency": 4}
    before = plan_lanes(candidates(2), names("case", 23), **fixed)
    lane_of = {(lane.candidate, case): lane.name for lane in before for case in lane.case_ids}
    done = {(lane.candidate, 1, case) for lane in before for case in lane.case_ids[:3]}
    after = plan_lanes(candidates(2), names("case", 23), done=done, **fixed)
    assert all(lane_of[lane.candidate, case] == lane.name for lane in after for case in lane.case_ids)


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(UserError, match=r"3 candidates x 2 repetitions need as many lanes, but .* is 5"):
        plan_lanes(candidates(3), names("case", 5), repetitions=2, max_concurrency=5)


def test_nothing_to_measure_needs_no_lane() -> None:
    assert plan_lanes([], names("case", 5), repetitions=5, max_concurrency=1) == []
    assert plan_lanes(candidates(9), [], repetitions=5, max_concurrency=1) == []
