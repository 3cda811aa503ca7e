"""Lanes wait for a lease before they take a container, over all processes that share the store."""

import asyncio
import math

import structlog

from routelab.bench.execution import Execution, LaneExecutor
from routelab.bench.stop import Stop
from routelab.records import Candidate
from routelab.store import Store

_log = structlog.get_logger(__name__)
_POLL_S = 0.3
_TELL_S = 10.0
"""A wait this long is told."""


class LeasedExecutor:
    """Another executor, started only while fewer than `cap` lanes of this host hold a lease."""

    def __init__(self, executor: LaneExecutor, store: Store, stop: Stop, *, cap: int, run_id: str, lane: str) -> None:
        self._executor = executor
        self._store = store
        self._stop = stop
        self._cap = cap
        self._run_id = run_id
        self._lane = lane
        self._lease: int | None = None

    async def start(self) -> None:
        """Wait for a lease, then start; a run that is asked to stop waits no longer and starts nothing."""
        if not await self._wait_for_lease():
            return
        starting = asyncio.create_task(self._executor.start())
        stopped = asyncio.create_task(self._stop.asked())
        try:
            await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
        finally:
            for task in (starting, stopped):
                task.cancel()
            await asyncio.gather(starting, stopped, return_exceptions=True)

    async def _wait_for_lease(self) -> bool:
        loop = asyncio.get_running_loop()
        told_at = loop.time() + _TELL_S
        take = self._store.leases.take
        while self._stop.reason is None:
            self._lease = await asyncio.to_thread(take, self._cap, run_id=self._run_id, lane=self._lane)
            if self._lease is not None:
                return True
            if loop.time() >= told_at:
                _log.warning("waiting until another run's lane gives its lease back", lane=self._lane, cap=self._cap)
                told_at = math.inf
            await self._stop.pause(_POLL_S)
        return False

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        """Execute one case."""
        return await self._executor.execute(case_id, candidate, repetition)

    async def close(self) -> None:
        """Close the executor, then give the lease back."""
        try:
            await self._executor.close()
        finally:
            if self._lease is not None:
                await asyncio.to_thread(self._store.leases.give_back, self._lease)
