"""What a sandbox must offer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from routelab.errors import SandboxError

STDOUT_HALF = 1_000_000
"""Bytes kept of an agent's standard output at its beginning, and as many at its end."""
STDERR_BYTES = 4_000
"""Bytes kept of the end of an agent's standard error."""
SETUP_COMMAND = "exec sh -s"
SETUP_S = 60.0
"""How a case's setup is run, and for how many seconds at most."""


class ExecResult(Struct, frozen=True):
    """One finished command.

    `exit_code` None: it was killed at its deadline (`timed_out`). `output` holds standard output
    and error together, its middle cut out where it was too long.
    """

    exit_code: int | None
    output: str
    timed_out: bool = False


def require_setup(result: ExecResult) -> None:
    """Raise SandboxError unless a case's setup ended well."""
    if result.exit_code != 0:
        raise SandboxError(f"the setup of the workspace failed: {result.output.strip()[-300:] or 'no answer'}")


class Launch(Struct, frozen=True, kw_only=True):
    """A program to start in the workspace: a shell command, what it reads, and its deadline in seconds.

    `env` comes on top of the sandbox's own variables.
    """

    command: str
    env: Mapping[str, str]
    stdin: bytes
    timeout_s: float


class ProgramResult(Struct, frozen=True, kw_only=True):
    """A finished program, its two streams apart.

    `exit_code` None: it was killed at its deadline (`timed_out`). `stdout` holds at most 2 MB, its
    middle cut out where it was longer; `stderr` the last 4 kB.
    """

    exit_code: int | None
    stdout: str
    stderr: str
    timed_out: bool = False


class Sandbox(Protocol):
    """The place of one lane: one workspace at a time, wiped between cases.

    `name` belongs to the engine identity. Every method raises SandboxError when the place itself
    fails, which is never the agent's fault.
    """

    name: str

    @property
    def container(self) -> str | None:
        """The id of the container in use; None where there is none."""

    async def start(self) -> None:
        """Make the place ready."""

    async def reset(self, source: Path | None, *, setup: bytes | None = None) -> None:
        """End whatever still runs, wipe the workspace and fill it with a copy of the folder `source`.

        `source` None leaves it empty. The home folder is put back to what `keep_home` was given. Then
        the shell script `setup` is run in the workspace; SandboxError when it fails.
        """

    async def lay_in(self, folder: Path) -> None:
        """Copy the content of `folder` over the workspace."""

    async def run(
        self, command: str, *, timeout_s: float, stdin: bytes | None = None, over: Path | None = None
    ) -> ExecResult:
        """Run a shell command in the workspace; everything it started ends with it.

        The content of the folder `over` is copied over the workspace first, as by `lay_in`.
        """

    async def launch(self, program: Launch) -> ProgramResult:
        """Run an agent's program in the workspace, its streams apart."""

    async def read(self, path: str) -> str | None:
        """The text of a file of the workspace; None when there is no such file inside it."""

    async def pack_home(self) -> bytes:
        """The home folder as a tar archive."""

    def keep_home(self, archive: bytes) -> None:
        """From now on every reset puts the home folder back to this archive of `pack_home`."""

    async def close(self) -> None:
        """Remove the place and all that is in it."""
