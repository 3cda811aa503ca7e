"""Asking a run to stop."""

import asyncio
import contextlib


class Stop:
    """Asks all lanes of a run to stop before their next case. `reason` None: go on."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._asked = asyncio.Event()

    def ask(self, reason: str) -> None:
        """Stop; the first reason counts."""
        self.reason = self.reason or reason
        self._asked.set()

    async def asked(self) -> None:
        """Wait until the run is asked to stop."""
        await self._asked.wait()

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the run is asked to stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._asked.wait()
