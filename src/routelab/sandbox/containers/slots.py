"""A hard cap on live containers over all processes of a host."""

import asyncio
import contextlib
import fcntl
import math
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog

from routelab.errors import SandboxError
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.containers.labels import PROJECT

_log = structlog.get_logger(__name__)
_POLL_S = 0.1
_TELL_S = 10.0
"""A wait this long is told."""
_DEAD = {"exited", "dead", "removing"}


class Slots:
    """Lets a container start only while fewer than `cap` live ones carry routelab's label.

    The engine counts, whoever started them and whatever store they write to; a lock file makes
    counting and starting one step among the processes of a user. Starts come one after another.
    """

    def __init__(self, engine: Engine, cap: int) -> None:
        self._engine = engine
        self._cap = cap
        self._turn = asyncio.Lock()
        self._file = Path(tempfile.gettempdir()) / f"routelab-containers-{os.getuid()}.lock"

    @contextlib.asynccontextmanager
    async def one(self, *, instead_of: str | None = None, wait_s: float | None = None) -> AsyncIterator[None]:
        """The right to start one container while the block runs.

        `instead_of` is a container that does not count, since it is started again. Waits for room,
        `wait_s` seconds at most (None: as long as it takes); SandboxError (`no_room`) when there was none.
        """
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(wait_s):
                    if instead_of is None:  # what is started again has its place, and must not queue for one
                        await held.enter_async_context(self._turn)
                    lock = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
                    held.callback(os.close, lock)  # which unlocks it
                    await self._wait(lock, instead_of)
            except TimeoutError as error:
                raise SandboxError(
                    f"no room for a container under the cap of {self._cap} within {wait_s:g} s", kind="no_room"
                ) from error
            yield

    async def live(self, *, but: str | None = None) -> int:
        """How many containers with routelab's label live, `but` not counted."""
        found = await self._engine.call(listed, self._engine.client.api)
        return sum(item["State"] not in _DEAD and item["Id"] != but for item in found)

    async def _wait(self, lock: int, instead_of: str | None) -> None:
        loop = asyncio.get_running_loop()
        told_at = loop.time() + _TELL_S
        while not await self._take(lock, instead_of):
            if loop.time() >= told_at:
                live = await self.live(but=instead_of)
                _log.warning("waiting for room for a container on the engine", live=live, cap=self._cap)
                told_at = math.inf
            await asyncio.sleep(_POLL_S)

    async def _take(self, lock: int, instead_of: str | None) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if await self.live(but=instead_of) < self._cap:
            return True
        fcntl.flock(lock, fcntl.LOCK_UN)
        return False


def listed(api: Any) -> list[dict[str, Any]]:
    """All containers with routelab's label, as the engine lists them."""
    return list(api.containers(all=True, filters={"label": f"{PROJECT}=1"}))
