"""A lane and the failures of what it runs on; the place of execution is scripted."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tests.spec.samples import ATLAS, ROUTES, run

from routelab.bench.execution import Execution
from routelab.bench.lane import LaneContext, run_lane
from routelab.bench.outcomes import Cell, finished_cells
from routelab.bench.plan import LanePlan
from routelab.bench.stop import Stop
from routelab.bench.writer import AttemptWriter
from routelab.errors import EndpointError, SandboxError
from routelab.records import Attempt, Candidate, RunCandidate, Usage
from routelab.store import Store, open_store

CASES = tuple(f"case-{number}" for number in range(6))
TRIES = 3


class Place:
    """Fails with the kinds that `failures` names by case, one after another, then succeeds."""

    def __init__(self, failures: Mapping[str, Sequence[str]]) -> None:
        self.failures = {case_id: list(kinds) for case_id, kinds in failures.items()}
        self.closed = False

    async def start(self) -> None: ...

    async def close(self) -> None:
        self.closed = True

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        kinds = self.failures.get(case_id)
        if not kinds:
            return Execution(score=1.0, usage=Usage(), latency_ms=1)
        kind = kinds.pop(0)
        if kind in ("engine_down", "no_room", "sandbox"):
            raise SandboxError("it does not answer", kind=kind)
        return Execution(score=None, usage=Usage(), latency_ms=1, error=EndpointError("no", kind=kind))


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 0.001)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    opened.runs.create(run(), [RunCandidate(ATLAS)])
    yield opened
    opened.close()


async def driven(
    store: Store, place: Place, stop: Stop, *, earlier: Mapping[Cell, Sequence[str]] | None = None
) -> list[Attempt]:
    """Run a lane of all cases; what it committed."""
    async with AttemptWriter(store) as writer:
        context = LaneContext(
            run_id="decider-1",
            routes=dict.fromkeys(CASES, ROUTES[0]),
            writer=writer,
            stop=stop,
            infrastructure_attempts=TRIES,
            failures=earlier or {},
            redact=lambda text: text.replace("secret", "[redacted]"),
            on_attempt=lambda _attempt, _finished: None,
            keep_stream=lambda _attempt, _execution: None,
        )
        await run_lane(LanePlan(candidate=ATLAS, repetition=1, shard=0, case_ids=CASES), place, context)
    return store.results.attempts("decider-1")


def tried(rows: Sequence[Attempt]) -> list[str]:
    return [row.case_id for row in rows]


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [("unreachable", "the endpoint is down: no"), ("engine_down", "the container engine does not answer: it does not")],
)
async def test_an_outage_stops_the_run_at_the_case_that_met_it(store: Store, kind: str, meaning: str) -> None:
    stop = Stop()
    place = Place({case_id: [kind] * 99 for case_id in CASES[1:]})
    rows = await driven(store, place, stop)
    assert tried(rows) == ["case-0"] + ["case-1"] * TRIES
    assert stop.reason is not None
    assert stop.reason.startswith(meaning)
    assert "`routelab runs resume decider-1`" in stop.reason
    assert finished_cells(rows, infrastructure_attempts=TRIES) == {(ATLAS, 1, "case-0")}
    assert place.closed


async def test_after_an_outage_a_case_has_all_its_tries_again(store: Store) -> None:
    cell: Cell = (ATLAS, 1, "case-0")
    stop = Stop()
    rows = await driven(store, Place({"case-0": ["unreachable"] * 2}), stop, earlier={cell: ["unreachable"] * 3})
    assert stop.reason is None
    assert [row.number for row in rows if row.case_id == "case-0"] == [4, 5, 6]
    assert finished_cells(rows, infrastructure_attempts=TRIES) == {(ATLAS, 1, case_id) for case_id in CASES}


async def test_a_case_that_always_ends_in_an_outage_does_not_hold_a_run_for_ever(store: Store) -> None:
    cell: Cell = (ATLAS, 1, "case-0")
    stop = Stop()
    rows = await driven(store, Place({"case-0": ["unreachable"] * 99}), stop, earlier={cell: ["unreachable"] * 6})
    assert stop.reason is None
    assert tried(rows) == ["case-0"] * TRIES + list(CASES[1:])


async def test_a_blip_among_a_cases_own_failures_gives_it_no_more_tries_at_a_time(store: Store) -> None:
    stop = Stop()
    kinds = ["server_error", "unreachable", "server_error", "server_error"]
    rows = await driven(store, Place({"case-0": kinds}), stop)
    assert tried(rows) == ["case-0"] * TRIES
    assert stop.reason is not None
    assert stop.reason.startswith("the endpoint is down")


async def test_a_failure_of_one_case_costs_this_case_only(store: Store) -> None:
    stop = Stop()
    rows = await driven(store, Place({"case-1": ["sandbox", "timeout", "server_error", "sandbox"]}), stop)
    assert tried(rows) == ["case-0", *["case-1"] * TRIES, *CASES[2:]]
    assert stop.reason is None


async def test_a_lane_without_a_place_ends_and_burns_no_case(store: Store) -> None:
    stop = Stop()
    place = Place({"case-2": ["no_room"]})
    with pytest.raises(SandboxError) as ended:
        await driven(store, place, stop)
    assert ended.value.kind == "no_room"
    assert tried(store.results.attempts("decider-1")) == ["case-0", "case-1"]
    assert (stop.reason, place.closed) == (None, True)


async def test_a_lane_that_pauses_ends_with_the_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 30.0)
    stop = Stop()
    began = time.monotonic()
    lane = asyncio.create_task(driven(store, Place({"case-0": ["server_error"]}), stop))
    await asyncio.sleep(0.2)
    stop.ask("the key is refused")
    rows = await asyncio.wait_for(lane, 5)
    assert tried(rows) == ["case-0"]
    assert time.monotonic() - began < 5
