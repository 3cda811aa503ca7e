"""Asking the shim from a thread without an event loop."""

import asyncio
import threading
from typing import Self, Unpack

from routelab.client.answer import DecideAnswer
from routelab.client.asynchronous import TIMEOUT_S, DecideClient
from routelab.client.question import Question
from routelab.records import Candidate


class SyncDecideClient:
    """DecideClient for synchronous gateways; any number of threads may share one.

    It asks from an event loop in a thread of its own, since blocking sockets know no limit for a
    whole call. The thread starts with the first question, so a server that forks may make the
    client before it forks. Close it with `close` or use it as a context manager.
    """

    def __init__(
        self, base_url: str, *, fallback: Candidate, key: str | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.fallback = fallback
        self._client = DecideClient(base_url, fallback=fallback, key=key, timeout_s=timeout_s)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the questions under way end, close all connections and end the thread."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._finish(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join()

    def decide(self, **asked: Unpack[Question]) -> DecideAnswer:
        """As DecideClient.decide."""
        return asyncio.run_coroutine_threadsafe(self._client.decide(**asked), self._running()).result()

    async def _finish(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._client.aclose()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="routelab-decide", daemon=True)
                self._thread.start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()
