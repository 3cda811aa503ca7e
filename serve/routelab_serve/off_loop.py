"""Blocking work away from the event loop, which nobody has to wait for at the end."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def off_loop(work: Callable[[], T]) -> asyncio.Future[T]:
    """Start `work` in a thread of its own; the future holds what it gives or raises.

    Unlike `asyncio.to_thread`, work that hangs does not keep the process from ending.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(outcome: T | None, error: Exception | None) -> None:
        if future.cancelled():
            return
        if error is None:
            future.set_result(outcome)  # type: ignore[arg-type]  # None only where T is None
        else:
            future.set_exception(error)

    def run() -> None:
        outcome, failure = None, None
        try:
            outcome = work()
        except Exception as error:
            failure = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, outcome, failure)

    future.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to see it
    threading.Thread(target=run, daemon=True).start()
    return future
