"""One container a lane: locked in, wiped between cases, replaced when it fails."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import structlog
from docker.errors import NotFound

from routelab.errors import SandboxError
from routelab.sandbox.archive import pack
from routelab.sandbox.containers import scripts
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.containers.execs import Ended, execute
from routelab.sandbox.containers.labels import Labels, is_own
from routelab.sandbox.containers.making import ContainerLimits, make
from routelab.sandbox.containers.slots import Slots, listed
from routelab.sandbox.files import MAX_READ_BYTES
from routelab.sandbox.output import BoundedOutput
from routelab.sandbox.protocol import (
    SETUP_COMMAND,
    SETUP_S,
    STDERR_BYTES,
    STDOUT_HALF,
    ExecResult,
    Launch,
    ProgramResult,
    require_setup,
)

_log = structlog.get_logger(__name__)
_HOME_BYTES = 300_000_000
_PREPARE_S = 60.0
_START_S = 20.0
_REMOVE_S = 10.0
_END_STRAYS_S = 2.0
_MOST_COMMAND_BYTES = 120_000
"""The kernel takes no longer argument than 128 kB."""
_CANNOT_EXECUTE = 126
_NOTHING = ":"
EMPTY_ARCHIVE = bytes(10_240)


class ContainerSandbox:
    """A container without network, rights or a writable root; its only way out is the proxy's socket.

    `image` is the image's tag or id; `proxy_folder` the host's folder in which the proxy's socket lies.
    `slots` bounds how many containers live.
    """

    name = "docker"

    def __init__(
        self,
        engine: Engine,
        slots: Slots,
        *,
        image: str,
        labels: Labels,
        limits: ContainerLimits,
        proxy_folder: Path,
    ) -> None:
        self._image = image
        self._engine = engine
        self._slots = slots
        self._labels = labels
        self._limits = limits
        self._proxy_folder = proxy_folder
        self._id: str | None = None
        self._home = EMPTY_ARCHIVE
        self._spent = False
        """Whether the container must be started again before the next case."""
        self._strays = False
        """Whether something may still run that an earlier command started."""

    @property
    def container(self) -> str | None:
        """The short id of the container in use."""
        return None if self._id is None else self._id[:12]

    async def start(self) -> None:
        """Wait for room under the cap, then start a container with an empty workspace."""
        await self._remove_left()
        async with self._slots.one():
            await self._create()
        await self._fill(EMPTY_ARCHIVE, None, fresh=True)

    async def reset(self, source: Path | None, *, setup: bytes | None = None) -> None:
        """Wipe everything a case can have written, fill the workspace, run `setup`; start anew where needed."""
        filling = EMPTY_ARCHIVE if source is None else await asyncio.to_thread(pack, source)
        fresh = self._spent or self._id is None
        if fresh:
            await self._renew()
        await self._fill(filling, setup, fresh=fresh)

    async def lay_in(self, folder: Path) -> None:
        """Copy the content of `folder` over the workspace."""
        if (await self.run(_NOTHING, timeout_s=_PREPARE_S, over=folder)).exit_code != 0:
            raise SandboxError(f"cannot lay {folder.name} into the workspace: no answer")

    async def run(
        self, command: str, *, timeout_s: float, stdin: bytes | None = None, over: Path | None = None
    ) -> ExecResult:
        """Lay the content of `over` into the workspace, then run a shell command.

        A command that no program can be started with ends with 126.
        """
        if "\0" in command or len(command.encode("utf-8", "replace")) > _MOST_COMMAND_BYTES:
            return ExecResult(_CANNOT_EXECUTE, "sh: the command is too long or holds a null byte")
        if over is None:
            return await self._run(command, timeout_s=timeout_s, stdin=stdin or b"")
        filling = await asyncio.to_thread(pack, over)
        return await self._run(
            command,
            timeout_s=timeout_s,
            stdin=filling + (stdin or b""),
            first=scripts.lay_in(over, len(filling)),
            purpose=f"lay {over.name} into the workspace",
        )

    async def launch(self, program: Launch) -> ProgramResult:
        """Run an agent; after its deadline the container is started again before the next case."""
        stdout = BoundedOutput(head=STDOUT_HALF, tail=STDOUT_HALF)
        stderr = BoundedOutput(head=0, tail=STDERR_BYTES)
        ended = await self._execute(
            program.command,
            timeout_s=program.timeout_s,
            stdin=program.stdin,
            env=dict(program.env),
            stdout=stdout,
            stderr=stderr,
        )
        self._spent = self._spent or ended.timed_out
        return ProgramResult(
            exit_code=ended.exit_code, stdout=stdout.text(), stderr=stderr.text(), timed_out=ended.timed_out
        )

    async def read(self, path: str) -> str | None:
        """The text of a file of the workspace; None where there is none, or a link leads outside."""
        if "\0" in path:
            return None
        output = BoundedOutput(head=MAX_READ_BYTES, tail=0)
        command = scripts.read_file(path, MAX_READ_BYTES)
        ended = await self._execute(command, timeout_s=_PREPARE_S, stdout=output, stderr=BoundedOutput())
        return output.text() if ended.exit_code == 0 else None

    async def pack_home(self) -> bytes:
        """The home folder as a tar archive; raises SandboxError where it is too large to be kept."""
        packed = BoundedOutput(head=_HOME_BYTES, tail=0)
        command = f"tar -cf - -C {scripts.HOME} ."
        ended = await self._execute(command, timeout_s=_PREPARE_S, stdout=packed, stderr=BoundedOutput())
        if ended.exit_code != 0 or packed.dropped:
            raise SandboxError(f"the agent's home folder cannot be kept (exit code {ended.exit_code})")
        return packed.content()

    def keep_home(self, archive: bytes) -> None:
        """From now on every reset puts the home folder back to this archive."""
        self._home = archive

    async def close(self) -> None:
        """Remove the container; one that cannot be removed is left to the sweep."""
        key, self._id = self._id, None
        if key is not None:
            await self._remove(key)

    async def described(self) -> dict[str, Any]:
        """The limits as the engine holds them, for a person who looks for a fault."""
        if self._id is None:
            return {}
        found = await self._engine.call(self._engine.client.api.inspect_container, self._id)
        wanted = ("Memory", "NanoCpus", "PidsLimit", "NetworkMode", "ReadonlyRootfs", "CapDrop", "SecurityOpt")
        return {"user": found["Config"]["User"], **{name: found["HostConfig"][name] for name in wanted}}

    async def _execute(self, command: str, **options: Any) -> Ended:
        if self._id is None:
            raise SandboxError("the sandbox has no container", kind="lost_container")
        if self._strays:
            await self._end_strays(self._id)
        self._strays = True
        try:
            ended = await execute(self._engine, self._id, command, **options)
        except SandboxError as error:
            self._spent = True
            if error.kind == "sandbox" and await self._is_dead(self._id):
                raise SandboxError(str(error), kind="lost_container") from error
            raise
        self._strays = ended.unmarked
        self._spent = self._spent or ended.unmarked
        return ended

    async def _end_strays(self, key: str) -> None:
        """End what may still run, so that it cannot meddle with a check: every command's end does."""
        ended = await execute(self._engine, key, ":", timeout_s=_END_STRAYS_S, stdout=BoundedOutput())
        if ended.unmarked:
            raise SandboxError("what the last command started in the container cannot be ended")

    async def _fill(self, workspace: bytes, setup: bytes | None, *, fresh: bool) -> None:
        result = await self._run(
            _NOTHING if setup is None else SETUP_COMMAND,
            timeout_s=SETUP_S,
            stdin=self._home + workspace + (setup or b""),
            first=scripts.wipe_and_fill(len(self._home), len(workspace), fresh=fresh),
            purpose="prepare the workspace",
        )
        require_setup(result)

    async def _is_dead(self, key: str) -> bool:
        found = await self._engine.call(self._engine.client.api.inspect_container, key)
        return not found["State"]["Running"]

    async def _run(
        self, command: str, *, timeout_s: float, stdin: bytes, first: str = "", purpose: str = ""
    ) -> ExecResult:
        """Run a command; SandboxError where the script `first`, whose `purpose` is told, failed before it."""
        output = BoundedOutput()
        ended = await self._execute(command, timeout_s=timeout_s, stdin=stdin, first=first, stdout=output)
        if ended.first_failed:
            self._spent = True
            said = output.text().strip()[-300:]
            kind = "no_space" if "No space left" in said else "sandbox"
            raise SandboxError(f"cannot {purpose}: {said or 'no answer'}", kind=kind)
        return ExecResult(ended.exit_code, output.text(), ended.timed_out)

    async def _renew(self) -> None:
        """Start the container again, or another in its place; `no_room` where the old one cannot be removed."""
        key = self._id
        if key is not None:
            try:
                async with self._slots.one(instead_of=key, wait_s=_PREPARE_S):
                    await self._engine.call(self._engine.client.api.restart, key, timeout=0, timeout_s=_START_S)
                self._spent = self._strays = False
                return
            except SandboxError as error:
                if error.kind in ("engine_down", "no_room"):
                    raise
                _log.warning("cannot start a container again", container=key[:12], error=str(error))
        await self._remove_left()
        async with self._slots.one(wait_s=_PREPARE_S):
            await self._create()

    async def _remove_left(self) -> None:
        """Remove whatever this lane still has on the engine, also what was made after nobody waited for it any more."""
        for item in await self._engine.call(listed, self._engine.client.api):
            if is_own(item["Labels"], self._labels.run_id, self._labels.lane):
                await self._remove(item["Id"])
        self._id = None

    async def _create(self) -> None:
        self._id = await self._engine.call(
            make,
            self._engine.client.api,
            image=self._image,
            labels=self._labels,
            limits=self._limits,
            proxy_folder=self._proxy_folder,
        )
        try:
            await self._engine.call(self._engine.client.api.start, self._id, timeout_s=_START_S)
            self._spent = self._strays = False
        except BaseException:
            await self.close()
            raise

    async def _remove(self, key: str) -> None:
        try:
            await self._engine.call(_gone, self._engine.client.api, key, timeout_s=_REMOVE_S)
        except SandboxError as error:
            _log.warning("cannot remove a container", container=key[:12], error=str(error))


def _gone(api: Any, key: str) -> None:
    with contextlib.suppress(NotFound):
        api.remove_container(key, force=True, v=True)
