"""Committing attempts as they come, without holding up the lanes."""

import asyncio

import structlog

from routelab.errors import StoreError
from routelab.records import Attempt
from routelab.store import Store

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
        self._pending: list[tuple[Attempt, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "AttemptWriter":
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        await self._flush()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def add(self, attempt: Attempt) -> None:
        """Commit one attempt; raises StoreError when the store refuses it for good."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((attempt, done))
        self._wake.set()
        await done

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            await self._flush()

    async def _flush(self) -> None:
        self._wake.clear()
        batch, self._pending = self._pending, []
        if not batch:
            return
        try:
            await self._commit([attempt for attempt, _ in batch])
        except StoreError as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        for _, done in batch:
            if not done.done():
                done.set_result(None)

    async def _commit(self, attempts: list[Attempt]) -> None:
        for pause in _PAUSES_S:
            try:
                return await asyncio.to_thread(self._store.results.add_attempts, attempts)
            except StoreError as error:
                _log.warning("commit failed, trying again", error=str(error), pause_s=pause)
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._store.results.add_attempts, attempts)
