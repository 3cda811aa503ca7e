"""An endpoint that stays down longer than a case's tries: the run stops, and resume loses nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bench import golden
from tests.integration.bench.golden import CASES
from tests.integration.loopback import Call, Endpoint, Reply, serving

from routelab.bench import Bench
from routelab.config import Config
from routelab.llm.simulated.app import create_app
from routelab.records import Run
from routelab.settings import Settings
from routelab.store import Store

TRIES = 2
"""As the configuration of these tests has it."""


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 0.05)


def slowly(_call: Call, _number: int) -> Reply | None:
    time.sleep(0.02)
    return None


@pytest.fixture
def configured(configure: Callable[..., Config], datasets: Path, store: Store) -> Callable[[Endpoint], Bench]:
    def make(served: Endpoint) -> Bench:
        return Bench(configure(served, endpoint={"attempts": 1}), Settings(), store)

    return make


@pytest.fixture
def endpoints(datasets: Path) -> Callable[[], Endpoint]:
    """New processes, as it were, of one simulated endpoint."""
    app = create_app(golden.world(datasets), golden.cast(), time_scale=0)
    return lambda: Endpoint(script=slowly, behind=app)


async def until_down(work: Any, served: Endpoint, calls: int) -> "asyncio.Task[Run]":
    """Start the work, and wait until so many calls came."""
    task = asyncio.create_task(work)
    while len(served.calls) < calls:
        assert not task.done(), task.result()
        await asyncio.sleep(0.005)
    return task


def ungraded(store: Store, run_id: str) -> Counter[tuple[Any, ...]]:
    rows = store.results.attempts(run_id)
    return Counter((str(row.candidate), row.case_id) for row in rows if row.status == "infrastructure")


async def test_an_outage_stops_the_run_and_resume_repairs_every_cell(
    configured: Callable[[Endpoint], Bench], endpoints: Callable[[], Endpoint], store: Store
) -> None:
    with serving(endpoints()) as first:
        task = await until_down(configured(first).start("decider"), first, 8)
    stopped = await task
    assert stopped.status == "interrupted"
    assert stopped.stop_reason is not None
    assert stopped.stop_reason.startswith("the endpoint is down: cannot reach ")
    assert f"`routelab runs resume {stopped.id}`" in stopped.stop_reason
    before = store.results.attempts(stopped.id)
    lost = ungraded(store, stopped.id)
    assert 1 <= len(lost) <= 4, "no lane goes on to its next case"
    assert max(lost.values()) == TRIES
    assert {row.error_kind for row in before if row.status == "infrastructure"} <= {"unreachable", "cut_stream"}
    assert store.results.lane_failures(stopped.id) == []

    with serving(endpoints()) as second:  # another port is the same simulation
        done = await configured(second).resume(stopped.id)
    assert (done.status, done.stop_reason) == ("completed", None)
    rows = store.results.attempts(stopped.id)
    assert rows[: len(before)] == before
    graded = Counter((str(row.candidate), row.case_id) for row in rows if row.status == "graded")
    assert set(graded.values()) == {1}
    assert len(graded) == 2 * CASES
    assert all(item.infrastructure_failures == 0 for item in store.results.summaries(stopped.id))
    numbers = [row.number for row in rows if (str(row.candidate), row.case_id) == next(iter(lost))]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_second_outage_stops_the_run_again(
    configured: Callable[[Endpoint], Bench], endpoints: Callable[[], Endpoint], store: Store
) -> None:
    with serving(endpoints()) as served:
        task = await until_down(configured(served).start("decider"), served, 5)
    run = await task
    with serving(endpoints()) as served:
        task = await until_down(configured(served).resume(run.id), served, 1)
    assert (await task).status == "interrupted"
    with serving(endpoints()) as served:
        done = await configured(served).resume(run.id)
    assert done.status == "completed"
    assert all(item.infrastructure_failures == 0 for item in store.results.summaries(run.id))


async def test_a_short_outage_is_waited_for(
    configured: Callable[[Endpoint], Bench],
    endpoints: Callable[[], Endpoint],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("routelab.bench.lane._BACKOFF_S", 1.0)
    with serving(endpoints()) as served:
        task = await until_down(configured(served).start("decider"), served, 5)
    [run] = store.runs.all()
    while not ungraded(store, run.id):  # noqa: ASYNC110 - the store tells nobody
        await asyncio.sleep(0.01)
    with serving(endpoints(), port=int(served.url.split(":")[2].split("/")[0])):
        run = await task
    assert (run.status, run.stop_reason) == ("completed", None)
    assert ungraded(store, run.id)
    assert all(item.infrastructure_failures == 0 for item in store.results.summaries(run.id))
