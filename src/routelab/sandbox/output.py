"""Keeping a command's output within bounds."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_KEPT = 32_768
_CHUNK = 65_536


class BoundedOutput:
    """Keeps the first `head` and the last `tail` bytes of a stream and counts what lies between."""

    def __init__(self, *, head: int = _KEPT, tail: int = _KEPT) -> None:
        self._room = head
        self._most = tail
        self._head = bytearray()
        self._tail = bytearray()
        self.dropped = 0

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Read to the end of the stream."""
        while chunk := await stream.read(_CHUNK):
            self.add(chunk)

    def add(self, chunk: bytes) -> None:
        """Take a piece in."""
        room = self._room - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:] if room > 0 else chunk
        # Twice the tail may gather, so that a flood is not moved byte by byte.
        if len(self._tail) > 2 * self._most + _CHUNK:
            self._cut()

    def content(self) -> bytes:
        """What was kept, without a word on the `dropped` bytes between head and tail."""
        self._cut()
        return bytes(self._head) + bytes(self._tail)

    def text(self) -> str:
        """What was kept, with a note where something was cut out."""
        self._cut()
        cut = f"\n… {self.dropped} bytes cut out …\n".encode() if self.dropped else b""
        return (bytes(self._head) + cut + bytes(self._tail)).decode("utf-8", "replace")

    def _cut(self) -> None:
        excess = len(self._tail) - self._most
        if excess > 0:
            del self._tail[:excess]
            self.dropped += excess


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
