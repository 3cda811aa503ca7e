"""The writer of attempts over a real store."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.spec.samples import CEDAR, attempt, run

from routelab.bench.writer import AttemptWriter
from routelab.errors import StoreError
from routelab.records import RunCandidate
from routelab.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("routelab.bench.writer._PAUSES_S", (0.01, 0.02))
    opened = open_store(f"sqlite:///{tmp_path / 'routelab.db'}")
    opened.runs.create(run(), [RunCandidate(CEDAR)])
    yield opened
    opened.close()


def fails(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception, refuse: Callable[[int, Any], bool]
) -> list[int]:
    """Let commits fail where `refuse` says so (of the number of the commit and its attempts); their sizes."""
    commit, sizes = store.results.add_attempts, []

    def add(attempts: Any) -> None:
        sizes.append(len(attempts))
        if refuse(len(sizes), attempts):
            raise error
        commit(attempts)

    monkeypatch.setattr(store.results, "add_attempts", add)
    return sizes


def stored(store: Store) -> set[str]:
    return {item.case_id for item in store.results.attempts("decider-1")}


async def test_an_added_attempt_is_committed(store: Store) -> None:
    async with AttemptWriter(store) as writer:
        await writer.add(attempt(1))
        assert stored(store) == {"debugging-case-1"}


async def test_attempts_that_come_together_are_committed_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = fails(store, monkeypatch, StoreError("never"), lambda _number, _attempts: False)
    async with AttemptWriter(store) as writer:
        await asyncio.gather(*(writer.add(attempt(number)) for number in range(50)))
    assert sizes == [50]
    assert len(stored(store)) == 50


async def test_a_store_that_fails_for_a_while_loses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(store, monkeypatch, StoreError("database is locked"), lambda number, _attempts: number <= 2)
    async with AttemptWriter(store) as writer:
        await writer.add(attempt(1))
    assert stored(store) == {"debugging-case-1"}


async def test_one_attempt_that_is_refused_takes_no_other_with_it(store: Store) -> None:
    store.results.add_attempts([attempt(2)])
    async with AttemptWriter(store) as writer:
        results = await asyncio.gather(*(writer.add(attempt(n)) for n in (1, 2, 3)), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), StoreError, type(None)]
    assert stored(store) == {"debugging-case-1", "debugging-case-2", "debugging-case-3"}


@pytest.mark.parametrize("error", [StoreError("disk full"), RuntimeError("a bug")])
async def test_nobody_waits_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    fails(store, monkeypatch, error, lambda _number, attempts: attempts[0].case_id == "debugging-case-1")
    async with asyncio.timeout(5), AttemptWriter(store) as writer:
        with pytest.raises(type(error)):
            await writer.add(attempt(1))
        await writer.add(attempt(2))
    assert stored(store) == {"debugging-case-2"}


async def test_whoever_is_cancelled_while_waiting_has_the_attempt_committed_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(store, monkeypatch, StoreError("database is locked"), lambda number, _attempts: number == 1)
    async with AttemptWriter(store) as writer:
        task = asyncio.create_task(writer.add(attempt(1)))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert stored(store) == {"debugging-case-1"}
