"""Lanes that wait for their turn: a run that is asked to stop waits no longer, and a long wait is told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from routelab.bench.execution import Execution
from routelab.bench.leased import LeasedExecutor
from routelab.bench.stop import Stop
from routelab.errors import SandboxError
from routelab.records import Candidate
from routelab.store import Store, open_store


class Place:
    """A place that starts once it may, or fails to."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.may = asyncio.Event()
        self.error = error
        self.began = self.started = self.cancelled = self.closed = False

    async def start(self) -> None:
        self.began = True
        try:
            await self.may.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self.error is not None:
            raise self.error
        self.started = True

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        raise AssertionError

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def leased(place: Place, store: Store, stop: Stop, lane: str = "one") -> LeasedExecutor:
    return LeasedExecutor(place, store, stop, cap=1, run_id="run-1", lane=lane)


async def begun(place: Place) -> None:
    async with asyncio.timeout(5):
        while not place.began:  # noqa: ASYNC110 - the place tells nobody
            await asyncio.sleep(0.01)


async def test_a_place_that_waits_for_room_waits_no_longer_than_the_run(store: Store) -> None:
    place, stop = Place(), Stop()
    executor = leased(place, store, stop)
    starting = asyncio.create_task(executor.start())
    await begun(place)
    stop.ask("the key is refused")
    await asyncio.wait_for(starting, 2)
    assert (place.cancelled, place.started) == (True, False)
    await executor.close()
    assert place.closed
    assert store.leases.take(1, run_id="run-1", lane="next") is not None


async def test_a_start_that_is_let_in_is_a_start(store: Store) -> None:
    place = Place()
    executor = leased(place, store, Stop())
    place.may.set()
    await executor.start()
    assert (place.started, place.cancelled) == (True, False)


async def test_a_start_that_fails_is_told(store: Store) -> None:
    place = Place(error=SandboxError("no engine"))
    place.may.set()
    with pytest.raises(SandboxError, match="no engine"):
        await leased(place, store, Stop()).start()


async def test_a_start_that_is_given_up_takes_its_place_along(store: Store) -> None:
    place = Place()
    starting = asyncio.create_task(leased(place, store, Stop()).start())
    await begun(place)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert place.cancelled


async def test_a_wait_for_a_lease_is_told_once_and_ends_with_the_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.bench.leased._TELL_S", 0.1)
    monkeypatch.setattr("routelab.bench.leased._POLL_S", 0.02)
    store.leases.take(1, run_id="other", lane="other")
    place, stop = Place(), Stop()
    with capture_logs() as logs:
        starting = asyncio.create_task(leased(place, store, stop, "two").start())
        async with asyncio.timeout(20):
            while not logs:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        assert not starting.done()
        stop.ask("enough")
        await asyncio.wait_for(starting, 2)
    assert not place.began
    [told] = logs
    assert (told["log_level"], told["lane"], told["cap"]) == ("warning", "two", 1)
    assert told["event"] == "waiting until another run's lane gives its lease back"
