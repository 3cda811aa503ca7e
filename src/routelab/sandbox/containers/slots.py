"""A hard cap on live containers over all processes of a host."""

import asyncio
import contextlib
import fcntl
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from routelab.errors import SandboxError
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.containers.labels import PROJECT

_POLL_S = 0.1
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
        `wait_s` seconds at most (None: as long as it takes); SandboxError when there was none.
        """
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(wait_s):
                    if instead_of is None:  # what is started again has its place, and must not queue for one
                        await held.enter_async_context(self._turn)
                    lock = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
                    held.callback(os.close, lock)  # which unlocks it
                    while not await self._take(lock, instead_of):  # noqa: ASYNC110 - other processes tell nobody
                        await asyncio.sleep(_POLL_S)
            except TimeoutError as error:
                raise SandboxError(f"no room for a container under the cap of {self._cap}") from error
            yield

    async def live(self, *, but: str | None = None) -> int:
        """How many containers with routelab's label live, `but` not counted."""
        found = await self._engine.call(self._engine.client.api.containers, all=True, filters={"label": f"{PROJECT}=1"})
        return sum(item["State"] not in _DEAD and item["Id"] != but for item in found)

    async def _take(self, lock: int, instead_of: str | None) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if await self.live(but=instead_of) < self._cap:
            return True
        fcntl.flock(lock, fcntl.LOCK_UN)
        return False
