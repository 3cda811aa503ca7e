"""Asking the shim from a thread without an event loop."""

import asyncio
import os
import threading
import time
from concurrent.futures import Future
from functools import partial
from typing import Self, Unpack
from weakref import WeakSet

from routelab.client.answer import DecideAnswer, Failure
from routelab.client.asynchronous import TIMEOUT_S, DecideClient
from routelab.client.question import Question, fallback_of
from routelab.client.reading import null_answer
from routelab.records import Candidate

_GRACE_S = 0.5
"""How much longer than its own limit a question may take, where the machine is busy."""


class SyncDecideClient:
    """DecideClient for synchronous gateways; any number of threads may share one.

    It asks from an event loop in a thread of its own, since blocking sockets know no limit for a
    whole call. A process that forks may use it on both sides: the child begins with a thread and
    connections of its own. Close it with `close` or use it as a context manager; one that is closed
    answers with the fallback.
    """

    def __init__(
        self, base_url: str, *, fallback: Candidate, key: str | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.fallback = fallback
        self._limit_s = timeout_s + _GRACE_S
        self._connect = partial(DecideClient, base_url, fallback=fallback, key=key, timeout_s=timeout_s)
        self._client: DecideClient | None = self._connect()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread()
        self._lock = threading.Lock()
        self._is_closed = False
        self._parents: list[object] = []
        _clients.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the questions under way end, close all connections and end the thread."""
        with self._lock:
            self._is_closed = True
            loop, self._loop = self._loop, None
            if loop is None or self._client is None:
                return
            # Within the lock: it waits for every question that was begun, and none is begun after it.
            asyncio.run_coroutine_threadsafe(_finish(self._client), loop)
        self._thread.join(self._limit_s)

    def decide(self, **asked: Unpack[Question]) -> DecideAnswer:
        """As DecideClient.decide."""
        started = time.perf_counter()
        try:
            return self._waited_for(self._begin(asked))
        except Failure as failure:
            latency_ms = (time.perf_counter() - started) * 1000
            return null_answer(failure, fallback=fallback_of(asked, self.fallback), latency_ms=latency_ms)

    def _begin(self, asked: Question) -> "Future[DecideAnswer]":
        with self._lock:
            if self._is_closed:
                raise Failure("unreachable", "the client is closed", cost_usd=0.0)
            try:
                client = self._client = self._client or self._connect()
                loop = self._loop = self._loop or self._started()
            except (OSError, RuntimeError) as error:  # no more files or threads to be had
                raise Failure("unreachable", f"the client cannot start: {error}", cost_usd=0.0) from error
            return asyncio.run_coroutine_threadsafe(client.decide(**asked), loop)

    def _started(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_run, args=(loop,), name="routelab-decide", daemon=True)
        self._thread.start()
        return loop

    def _waited_for(self, answer: "Future[DecideAnswer]") -> DecideAnswer:
        try:
            return answer.result(self._limit_s)
        except TimeoutError as error:
            answer.cancel()
            raise Failure("timeout", f"there was no answer within {self._limit_s:g} s") from error

    def _begin_anew(self) -> None:
        """In a child: the parent's thread is not there, nor whoever held the lock."""
        self._lock = threading.Lock()
        if self._loop is not None:
            # Kept, for their end would reach into the parent: it shares the selector and the connections.
            self._parents += (self._loop, self._client)
            self._loop = self._client = None


_clients: WeakSet[SyncDecideClient] = WeakSet()


def _begin_all_anew() -> None:
    for client in _clients:
        client._begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_anew)


async def _finish(client: DecideClient) -> None:
    under_way = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*under_way, return_exceptions=True)
    await client.aclose()
    asyncio.get_running_loop().stop()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()
