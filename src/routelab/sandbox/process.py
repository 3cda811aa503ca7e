"""A sandbox of plain processes: quick, needs nothing, and **no security boundary**.

Commands run as the user who runs routelab, with that user's files and network in reach. Use it for
simulated models and for checks of trusted cases only.
"""

import asyncio
import contextlib
import errno
import os
import shutil
import signal
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from routelab.errors import SandboxError
from routelab.sandbox.archive import pack, unpack
from routelab.sandbox.files import copy_over, read_inside, remove
from routelab.sandbox.folders import make_folder
from routelab.sandbox.output import BoundedOutput, piped
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

_DRAIN_S = 5.0
"""How long pipes are read after the command ended; a stray child may hold them for ever."""
_LIMITS = "ulimit -c 0; ulimit -f 2097152; ulimit -n 1024; ulimit -t 900; ulimit -v 8388608; "
"""No core files, 1 GB a file, 1,024 descriptors, 15 minutes of CPU, 8 GB of address space."""
_CANNOT_EXECUTE = 126
_PATH = ":".join((str(Path(sys.base_prefix) / "bin"), "/usr/local/bin", "/usr/bin", "/bin"))


class ProcessSandbox:
    """A temporary folder with a workspace; each command is a process group of its own."""

    name = "process"

    container: str | None = None

    def __init__(self) -> None:
        self._root: Path | None = None
        self._home: bytes | None = None

    async def start(self) -> None:
        """Make the folder."""
        self._root = make_folder("sandbox")
        await self.reset(None)

    async def reset(self, source: Path | None, *, setup: bytes | None = None) -> None:
        """Wipe workspace, home and temporary files; copy `source` in and run `setup`."""
        await asyncio.to_thread(self._reset, source)
        if setup is not None:
            require_setup(await self.run(SETUP_COMMAND, timeout_s=SETUP_S, stdin=setup))

    async def lay_in(self, folder: Path) -> None:
        """Copy the content of `folder` over the workspace."""
        try:
            await asyncio.to_thread(copy_over, folder, self._place("workspace"))
        except OSError as error:
            raise SandboxError(f"cannot lay {folder.name} into the workspace: {error}") from error

    async def run(
        self, command: str, *, timeout_s: float, stdin: bytes | None = None, over: Path | None = None
    ) -> ExecResult:
        """Copy the content of `over` in and run `sh -c command`; its whole process group is killed afterwards.

        A command that no program can be started with (too long, a null byte) ends with 126.
        """
        if over is not None:
            await self.lay_in(over)
        output = BoundedOutput()
        try:
            async with piped(output, drain_s=_DRAIN_S) as pipe:
                exit_code = await self._finish(command, stdin, timeout_s, stdout=pipe, stderr=None, env={})
        except ValueError as error:
            return ExecResult(_CANNOT_EXECUTE, f"sh: {error}")
        return ExecResult(exit_code, output.text(), exit_code is None)

    async def launch(self, program: Launch) -> ProgramResult:
        """Run an agent's program, its streams apart."""
        stdout = BoundedOutput(head=STDOUT_HALF, tail=STDOUT_HALF)
        stderr = BoundedOutput(head=0, tail=STDERR_BYTES)
        try:
            async with piped(stdout, drain_s=_DRAIN_S) as out, piped(stderr, drain_s=_DRAIN_S) as err:
                exit_code = await self._finish(
                    program.command, program.stdin, program.timeout_s, stdout=out, stderr=err, env=program.env
                )
        except ValueError as error:
            return ProgramResult(exit_code=_CANNOT_EXECUTE, stdout="", stderr=f"sh: {error}")
        return ProgramResult(
            exit_code=exit_code, stdout=stdout.text(), stderr=stderr.text(), timed_out=exit_code is None
        )

    async def _finish(
        self,
        command: str,
        stdin: bytes | None,
        timeout_s: float,
        *,
        stdout: int,
        stderr: int | None,
        env: Mapping[str, str],
    ) -> int | None:
        """The exit code, None after the deadline; ValueError for what no program can be started with."""
        try:
            process = await self._start(command, stdin, stdout, stderr, env)
        except OSError as error:
            if error.errno == errno.E2BIG:
                raise ValueError(str(error)) from error
            raise SandboxError(f"cannot start a command: {error}") from error
        try:
            async with asyncio.timeout(timeout_s):
                await _feed(process, stdin)
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            _kill_group(process.pid)

    async def _start(
        self, command: str, stdin: bytes | None, stdout: int, stderr: int | None, env: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                _LIMITS + 'exec /bin/sh -c "$1"',
                "sh",
                command,
                stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
                stdout=stdout,
                stderr=asyncio.subprocess.STDOUT if stderr is None else stderr,
                cwd=self._place("workspace"),
                env={**self._environment(), **env},
                start_new_session=True,
            )
        finally:
            for pipe in (stdout, stderr):
                if pipe is not None:
                    os.close(pipe)

    async def read(self, path: str) -> str | None:
        """The text of a file of the workspace; None where there is none, or a link leads outside."""
        return await asyncio.to_thread(read_inside, self._place("workspace"), path)

    async def pack_home(self) -> bytes:
        """The home folder as a tar archive."""
        return await asyncio.to_thread(pack, self._place("home"))

    def keep_home(self, archive: bytes) -> None:
        """From now on every reset puts the home folder back to this archive."""
        self._home = archive

    async def close(self) -> None:
        """Remove the folder."""
        if self._root is not None:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(remove, self._root)
            self._root = None

    def _place(self, name: str) -> Path:
        if self._root is None:
            raise SandboxError("the sandbox was not started")
        return self._root / name

    def _reset(self, source: Path | None) -> None:
        try:
            for name in ("workspace", "home", "tmp"):
                place = self._place(name)
                remove(place)
                if name == "workspace" and source is not None:
                    shutil.copytree(source, place, symlinks=True)
                else:
                    place.mkdir()
            if self._home is not None:
                unpack(self._home, self._place("home"))
        except (OSError, shutil.Error, tarfile.TarError) as error:
            raise SandboxError(f"cannot prepare the workspace: {error}") from error

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": _PATH,
            "HOME": str(self._place("home")),
            "TMPDIR": str(self._place("tmp")),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",  # what an agent leaves in its home must not run inside a check
        }


async def _feed(process: asyncio.subprocess.Process, stdin: bytes | None) -> None:
    if process.stdin is None or stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(stdin)
        await process.stdin.drain()
    process.stdin.close()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
