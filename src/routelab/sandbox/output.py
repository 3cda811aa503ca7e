"""Keeping a command's output within bounds."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_HEAD = _TAIL = 32_768
_CHUNK = 65_536


class BoundedOutput:
    """Keeps the first and the last 32 kB of a stream and counts what lies between."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Read to the end of the stream."""
        while chunk := await stream.read(_CHUNK):
            self.add(chunk)

    def add(self, chunk: bytes) -> None:
        """Take a piece in."""
        room = _HEAD - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:] if room > 0 else chunk
        excess = len(self._tail) - _TAIL
        if excess > 0:
            del self._tail[:excess]
            self._dropped += excess

    def text(self) -> str:
        """What was kept, with a note where something was cut out."""
        cut = f"\n… {self._dropped} bytes cut out …\n".encode() if self._dropped else b""
        return (bytes(self._head) + cut + bytes(self._tail)).decode("utf-8", "replace")


@asynccontextmanager
async def piped(output: BoundedOutput, *, drain_s: float) -> AsyncIterator[int]:
    """The writing end of a pipe that is read into `output`; whoever hands it on closes it.

    After the block the pipe is read until nobody holds it any more, `drain_s` seconds at most. A pipe
    of asyncio's own would not do: its processes count as ended only when their pipes are.
    """
    reading, writing = os.pipe()
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reading, "rb", buffering=0)
    )
    reader = asyncio.create_task(output.read(stream))
    try:
        yield writing
    finally:
        await asyncio.wait({reader}, timeout=drain_s)
        reader.cancel()
        transport.close()
