"""Committing attempts as they come, without holding up the lanes."""

import asyncio
from collections.abc import Sequence

import structlog

from routelab.errors import StoreError
from routelab.records import Attempt
from routelab.store import Store

Batch = list[tuple[Attempt, asyncio.Future[None]]]

_log = structlog.get_logger(__name__)
_PAUSES_S = (0.2, 1.0, 3.0, 10.0)
"""Waits before a commit is tried again: a full disk or a locked database often passes."""


class AttemptWriter:
    """Commits attempts in a thread, as many at once as came meanwhile.

    `add` returns when the attempt is committed, so whoever waits for it loses nothing afterwards.
    Use as an async context manager.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: Batch = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "AttemptWriter":
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._closing = True
        self._wake.set()
        await self._task

    async def add(self, attempt: Attempt) -> None:
        """Commit one attempt; raises StoreError when the store refuses it for good."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((attempt, done))
        self._wake.set()
        await done

    async def _work(self) -> None:
        while self._pending or not self._closing:
            await self._wake.wait()
            self._wake.clear()
            batch, self._pending = self._pending, []
            if batch:
                await self._flush(batch, _PAUSES_S)

    async def _flush(self, batch: Batch, pauses_s: Sequence[float]) -> None:
        try:
            await self._commit([attempt for attempt, _ in batch], pauses_s)
        except Exception as error:  # whatever it was, nobody may wait for ever
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            for single in batch:  # one that cannot be stored must not take the others with it
                await self._flush([single], ())
        else:
            for _, done in batch:
                _settle(done, None)

    async def _commit(self, attempts: list[Attempt], pauses_s: Sequence[float]) -> None:
        for pause in pauses_s:
            try:
                return await asyncio.to_thread(self._store.results.add_attempts, attempts)
            except StoreError as error:
                _log.warning("commit failed, trying again", error=str(error), pause_s=pause)
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._store.results.add_attempts, attempts)


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():  # whoever waited was cancelled
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
