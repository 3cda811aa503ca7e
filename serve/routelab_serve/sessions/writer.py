"""Writing to the shared store behind the answers' back."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from routelab_serve.breaker import Breaker
from routelab_serve.sessions.protocol import ErrorKind, SessionStore

_GATHER_S = 0.05
_BATCH = 128
_DEADLINE_S = 1.0
_MAX_PENDING = 20_000
_FAREWELL_S = 2.0


class Writer:
    """Writes the newest value of every key within about 50 ms, and what could not be written later.

    Nobody waits for a write, so each has 1 s. At most 20,000 values wait; then the oldest is dropped.
    `on_error` is told `write_timeout`, `write_failed` (once a call) or `write_dropped`.
    """

    def __init__(self, store: SessionStore, breaker: Breaker, *, on_error: Callable[[ErrorKind], None]) -> None:
        self._store = store
        self._breaker = breaker
        self._on_error = on_error
        self._pending: OrderedDict[bytes, bytes] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def put(self, key: bytes, value: bytes) -> None:
        """Have a value written soon; returns at once."""
        self._pending[key] = value
        self._bound()
        if self._task is None:
            self._task = asyncio.create_task(self._serve())

    async def aclose(self) -> None:
        """Write what waits, for at most 2 s."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                while self._pending and await self._write_some():
                    pass

    async def _serve(self) -> None:
        while self._pending:
            await asyncio.sleep(_GATHER_S)
            while self._pending and self._breaker.allows() and await self._write_some():
                pass
        self._task = None

    async def _write_some(self) -> bool:
        batch = [self._pending.popitem(last=False) for _ in range(min(_BATCH, len(self._pending)))]
        try:
            async with asyncio.timeout(_DEADLINE_S):
                await self._store.put_many(batch)
        except asyncio.CancelledError:
            self._take_back(batch)
            raise
        except Exception as error:
            self._take_back(batch)
            self._breaker.failed(error)
            self._on_error("write_timeout" if isinstance(error, TimeoutError) else "write_failed")
            return False
        self._breaker.succeeded()
        return True

    def _take_back(self, batch: list[tuple[bytes, bytes]]) -> None:
        for key, value in reversed(batch):
            if key not in self._pending:
                self._pending[key] = value
                self._pending.move_to_end(key, last=False)
        self._bound()

    def _bound(self) -> None:
        while len(self._pending) > _MAX_PENDING:
            self._pending.popitem(last=False)
            self._on_error("write_dropped")
