"""Running one command in a container: its deadline inside, the host's behind it, and a sure end.

The stream of an exec stays open as long as any process holds it, and the engine has no call that
ends one. So a wrapper in the container runs the command under `timeout`, kills whatever the command
left behind, and writes an end mark with the exit code to both streams. The mark is a secret the
wrapper reads from its standard input, and its shell is a file that may be executed but not read, so
that the kernel lets no other process look into it: the command can kill the wrapper, but neither
write the mark nor keep anything running behind it.
"""

import asyncio
import contextlib
import os
import re
import secrets
import socket
from collections.abc import Coroutine, Mapping
from typing import Any

from msgspec import Struct

from routelab.errors import SandboxError
from routelab.sandbox.containers.engine import Engine
from routelab.sandbox.output import BoundedOutput

WORKSPACE = "/lane/workspace"
_SHELL = "/opt/routelab/sh"
_LEAST_S = 0.001
"""To `timeout`, zero is no limit at all."""
_KILL_S = 3
_GRACE_S = _KILL_S + 4.0
"""The host's deadline comes this long after the container's own."""
_CHUNK = 65_536
_WATCH_S = 3.0
_PING_S = 5.0
"""An engine that hangs is noticed after both of these at most."""
_LOOKS = 4
_LOOK_S = 0.2
_STDOUT = 1
_ENDED_BY_TIMEOUT = {124, 137, 143}
_MARK_ENDING = len(b" 255\n")
_FIRST_S = 60
_FIRST_FAILED = 999
"""In place of an exit code, which is never that high: no command can fake it."""
_WRAPPER = """IFS= read -r mark
cd {workspace} 2>/dev/null
if [ -n "$3" ] && ! timeout -k {kill} {first_s} sh -c "$3" 2>&1; then
  code={first_failed}
else
  cd {workspace} 2>/dev/null
  timeout -k {kill} "$1" sh -c "$2" {merge}
  code=$?
fi
kill -9 -1 2>/dev/null
printf '\\n%s %d\\n' "$mark" "$code"
printf '\\n%s %d\\n' "$mark" "$code" >&2
"""


class Ended(Struct, frozen=True):
    """How a command ended.

    `exit_code` None: it was killed at its deadline (`timed_out`), or never started, since what was to
    be done first failed (`first_failed`). `unmarked`: the wrapper was killed
    or came too late, so what runs in the container is unknown.
    """

    exit_code: int | None
    timed_out: bool = False
    unmarked: bool = False
    first_failed: bool = False


async def execute(
    engine: Engine,
    container: str,
    command: str,
    *,
    timeout_s: float,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    first: str = "",
    stdout: BoundedOutput,
    stderr: BoundedOutput | None = None,
) -> Ended:
    """Run a shell command in the workspace; `stderr` None puts both streams together.

    `first` is a script of our own that is run before it, for 60 s at most: a second exec would cost
    the engine more than all that most commands do. Both read the same standard input.

    Raises SandboxError when the engine fails, or (`lost_container`) when the container died.
    """
    merge = "2>&1" if stderr is None else ""
    wrapper = _WRAPPER.format(
        workspace=WORKSPACE, kill=_KILL_S, merge=merge, first_s=_FIRST_S, first_failed=_FIRST_FAILED
    )
    mark = secrets.token_hex(16).encode()
    api = engine.client.api
    created = await engine.call(
        api.exec_create,
        container,
        [_SHELL, "-c", wrapper, "sh", f"{max(timeout_s, _LEAST_S):.3f}", command, first],
        stdin=True,
        environment=dict(env or {}),
        workdir="/",  # the workspace may be gone, which is for the command to notice
    )
    longest_s = timeout_s + _GRACE_S + (_FIRST_S if first else 0)
    streams = {_STDOUT: _Stream(stdout, mark), 2: _Stream(stderr or BoundedOutput(), mark)}
    async with _attached(engine, created["Id"]) as (reader, writer):
        # From here on: an engine that hangs before is the engine's failure, not the command's deadline.
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(longest_s):
                code = await _while_engine_lives(engine, _feed(writer, mark + b"\n" + stdin), _read(reader, streams))
        except TimeoutError:
            return Ended(None, timed_out=True, unmarked=True)
    if code == _FIRST_FAILED:
        return Ended(None, first_failed=True)
    unmarked = code is None
    if code is None:
        code = await _code_without_mark(engine, container, created["Id"])
    elapsed = asyncio.get_running_loop().time() - started
    if code in _ENDED_BY_TIMEOUT and elapsed >= timeout_s:
        return Ended(None, timed_out=True, unmarked=unmarked)
    return Ended(code, unmarked=unmarked)


class _Stream:
    """One stream on its way into bounded output, without the end mark."""

    def __init__(self, kept: BoundedOutput, mark: bytes) -> None:
        self._kept = kept
        self._mark = re.compile(rb"\n" + mark + rb" (\d{1,3})\n")
        self._most_held = len(mark) + _MARK_ENDING
        self._held = b""
        self.code: int | None = None

    def feed(self, chunk: bytes) -> None:
        """Take a piece in; `code` is known once the mark came. What comes after it is not kept."""
        if self.code is not None:
            return
        text = self._held + chunk
        found = self._mark.search(text)
        if found:
            self._kept.add(text[: found.start()])
            self._held = b""
            self.code = int(found[1])
        else:
            self._kept.add(text[: -self._most_held])
            self._held = text[-self._most_held :]

    def end(self) -> None:
        """Keep what was held back; no mark came."""
        if self.code is None:
            self._kept.add(self._held)


async def _while_engine_lives(
    engine: Engine, feeding: Coroutine[Any, Any, None], reading: Coroutine[Any, Any, int | None]
) -> int | None:
    """What reading gives; SandboxError (`engine_down`) as soon as the engine stops answering."""
    side = [asyncio.create_task(feeding), asyncio.create_task(_watch(engine))]
    main = asyncio.create_task(reading)
    try:
        await asyncio.wait({main, side[1]}, return_when=asyncio.FIRST_COMPLETED)
        if not main.done():
            side[1].result()
        return await main
    finally:
        for task in (main, *side):
            task.cancel()
        await asyncio.gather(main, *side, return_exceptions=True)


async def _watch(engine: Engine) -> None:
    while True:
        await asyncio.sleep(_WATCH_S)
        await engine.ping(timeout_s=_PING_S)


async def _read(reader: asyncio.StreamReader, streams: Mapping[int, _Stream]) -> int | None:
    """Read both streams up to their marks; the exit code, or None when they end without."""
    try:
        while any(stream.code is None for stream in streams.values()):
            header = await reader.readexactly(8)
            left = int.from_bytes(header[4:])
            while left:
                chunk = await reader.read(min(left, _CHUNK))
                if not chunk:
                    raise EOFError
                left -= len(chunk)
                streams[header[0]].feed(chunk)
    except (EOFError, ConnectionError):
        for stream in streams.values():
            stream.end()
    codes = [stream.code for stream in streams.values() if stream.code is not None]
    return codes[0] if codes else None


@contextlib.asynccontextmanager
async def _attached(engine: Engine, exec_id: str) -> Any:
    """The two ends of a started exec's connection."""
    connection, early = await engine.call(_start, engine.client.api, exec_id)
    reader, writer = await asyncio.open_connection(sock=connection, limit=4 * _CHUNK)
    if early:
        reader.feed_data(early)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def _start(api: Any, exec_id: str) -> tuple[socket.socket, bytes]:
    """Start the exec; its connection, and what the SDK's buffered reader took of the stream already."""
    stream = api.exec_start(exec_id, socket=True)
    response = stream._response  # the SDK keeps it there for us to hold
    with contextlib.closing(response):
        raw = stream._sock
        raw.setblocking(False)
        early = response.raw._fp.fp.peek()
        return socket.socket(fileno=os.dup(raw.fileno())), early


async def _feed(writer: asyncio.StreamWriter, stdin: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(stdin)
        await writer.drain()
        writer.write_eof()


async def _code_without_mark(engine: Engine, container: str, exec_id: str) -> int:
    """The exit code of a command whose wrapper was killed; SandboxError when the container died."""
    for _ in range(_LOOKS):
        state = (await engine.call(engine.client.api.inspect_container, container))["State"]
        if not state["Running"]:
            kind = "out_of_memory" if state.get("OOMKilled") else "lost_container"
            raise SandboxError(f"the container ended with exit code {state['ExitCode']}", kind=kind)
        await asyncio.sleep(_LOOK_S)  # a dying container counts as running for a moment
    code = (await engine.call(engine.client.api.exec_inspect, exec_id))["ExitCode"]
    return 137 if code is None else int(code)
