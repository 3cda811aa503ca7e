"""Lanes wait for a lease before they take a container, over all processes that share the store."""

import asyncio

from routelab.bench.execution import Execution, LaneExecutor
from routelab.bench.stop import Stop
from routelab.records import Candidate
from routelab.store import Store

_POLL_S = 0.3


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
        take = self._store.leases.take
        while self._stop.reason is None:
            self._lease = await asyncio.to_thread(take, self._cap, run_id=self._run_id, lane=self._lane)
            if self._lease is not None:
                return await self._executor.start()
            await asyncio.sleep(_POLL_S)
        return None

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
