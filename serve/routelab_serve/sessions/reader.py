"""Reading from the shared store: concurrent requests share one call, and none waits long."""

import asyncio
from collections.abc import Callable
from itertools import repeat

from routelab_serve.breaker import Breaker
from routelab_serve.sessions.protocol import ErrorKind, SessionStore


class Reader:
    """Reads in batches, one call at a time, each within `deadline_s`.

    `on_error` is told `read_timeout` or `read_failed`, once a call.
    """

    def __init__(
        self, store: SessionStore, breaker: Breaker, *, deadline_s: float, on_error: Callable[[ErrorKind], None]
    ) -> None:
        self._store = store
        self._breaker = breaker
        self._deadline_s = deadline_s
        self._on_error = on_error
        self._waiting: dict[bytes, asyncio.Future[bytes | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: bytes) -> bytes | None:
        """The stored value, empty when there is none; None when the store is down, late or left alone."""
        answer = self._waiting.get(key)
        if answer is None:
            if not self._breaker.allows():
                return None
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._task is None:
                self._task = asyncio.create_task(self._serve())
        return await asyncio.shield(answer)

    async def aclose(self) -> None:
        """Let the call that is under way end."""
        if self._task is not None:
            await self._task

    async def _serve(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            found = await self._fetch(list(asked))
            if found is None:  # whoever came meanwhile would only wait for the same
                asked |= self._waiting
                self._waiting = {}
            for answer, value in zip(asked.values(), found or repeat(None, len(asked)), strict=True):
                answer.set_result(value)
        self._task = None

    async def _fetch(self, keys: list[bytes]) -> list[bytes] | None:
        try:
            async with asyncio.timeout(self._deadline_s):
                stored = await self._store.get_many(keys)
            found = [value or b"" for _, value in zip(keys, stored, strict=True)]
        except Exception as error:
            self._breaker.failed(error)
            self._on_error("read_timeout" if isinstance(error, TimeoutError) else "read_failed")
            return None
        self._breaker.succeeded()
        return found
