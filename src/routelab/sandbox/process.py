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
import tempfile
from pathlib import Path

from routelab.errors import SandboxError
from routelab.sandbox.files import copy_over, read_inside, remove
from routelab.sandbox.output import BoundedOutput, piped
from routelab.sandbox.protocol import ExecResult

_DRAIN_S = 5.0
"""How long pipes are read after the command ended; a stray child may hold them for ever."""
_LIMITS = "ulimit -c 0; ulimit -f 2097152; ulimit -n 1024; ulimit -t 900; ulimit -v 8388608; "
"""No core files, 1 GB a file, 1,024 descriptors, 15 minutes of CPU, 8 GB of address space."""
_CANNOT_EXECUTE = 126
_PATH = ":".join((str(Path(sys.base_prefix) / "bin"), "/usr/local/bin", "/usr/bin", "/bin"))


class ProcessSandbox:
    """A temporary folder with a workspace; each command is a process group of its own."""

    name = "process"
    image_digest: str | None = None

    def __init__(self) -> None:
        self._root: Path | None = None

    async def start(self) -> None:
        """Make the folder."""
        try:
            self._root = Path(tempfile.mkdtemp(prefix="routelab-"))
        except OSError as error:
            raise SandboxError(f"cannot make a folder for the sandbox: {error}") from error
        await self.reset(None)

    async def reset(self, source: Path | None) -> None:
        """Wipe workspace, home and temporary files; copy `source` in."""
        await asyncio.to_thread(self._reset, source)

    async def lay_in(self, folder: Path) -> None:
        """Copy the content of `folder` over the workspace."""
        try:
            await asyncio.to_thread(copy_over, folder, self._place("workspace"))
        except OSError as error:
            raise SandboxError(f"cannot lay {folder.name} into the workspace: {error}") from error

    async def run(self, command: str, *, timeout_s: float, stdin: bytes | None = None) -> ExecResult:
        """Run `sh -c command` in the workspace; its whole process group is killed afterwards.

        A command that no program can be started with (too long, a null byte) ends with 126.
        """
        output = BoundedOutput()
        timed_out = False
        try:
            async with piped(output, drain_s=_DRAIN_S) as pipe:
                process = await self._start(command, stdin, pipe)
                try:
                    async with asyncio.timeout(timeout_s):
                        await _feed(process, stdin)
                        await process.wait()
                except TimeoutError:
                    timed_out = True
                finally:
                    _kill_group(process.pid)
        except (OSError, ValueError) as error:
            if isinstance(error, ValueError) or error.errno == errno.E2BIG:
                return ExecResult(_CANNOT_EXECUTE, f"sh: {error}")
            raise SandboxError(f"cannot start a command: {error}") from error
        return ExecResult(None if timed_out else process.returncode, output.text(), timed_out)

    async def _start(self, command: str, stdin: bytes | None, pipe: int) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                _LIMITS + 'exec /bin/sh -c "$1"',
                "sh",
                command,
                stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
                stdout=pipe,
                stderr=asyncio.subprocess.STDOUT,
                cwd=self._place("workspace"),
                env=self._environment(),
                start_new_session=True,
            )
        finally:
            os.close(pipe)

    async def read(self, path: str) -> str | None:
        """The text of a file of the workspace; None where there is none, or a link leads outside."""
        return await asyncio.to_thread(read_inside, self._place("workspace"), path)

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
        except (OSError, shutil.Error) as error:
            raise SandboxError(f"cannot prepare the workspace: {error}") from error

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": _PATH,
            "HOME": str(self._place("home")),
            "TMPDIR": str(self._place("tmp")),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
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
