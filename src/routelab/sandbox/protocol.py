"""What a sandbox must offer."""

from pathlib import Path
from typing import Protocol

from msgspec import Struct


class ExecResult(Struct, frozen=True):
    """One finished command.

    `exit_code` None: it was killed at its deadline (`timed_out`). `output` holds standard output
    and error together, its middle cut out where it was too long.
    """

    exit_code: int | None
    output: str
    timed_out: bool = False


class Sandbox(Protocol):
    """The place of one lane: one workspace at a time, wiped between cases.

    `name` and `image_digest` (None: no image) belong to the engine identity. Every method raises
    SandboxError when the place itself fails, which is never the agent's fault.
    """

    name: str
    image_digest: str | None

    async def start(self) -> None:
        """Make the place ready."""

    async def reset(self, source: Path | None) -> None:
        """Wipe the workspace and fill it with a copy of the folder `source` (None: leave it empty)."""

    async def lay_in(self, folder: Path) -> None:
        """Copy the content of `folder` over the workspace."""

    async def run(self, command: str, *, timeout_s: float, stdin: bytes | None = None) -> ExecResult:
        """Run a shell command in the workspace; everything it started ends with it."""

    async def read(self, path: str) -> str | None:
        """The text of a file of the workspace; None when there is no such file inside it."""

    async def close(self) -> None:
        """Remove the place and all that is in it."""
