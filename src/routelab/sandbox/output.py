"""Keeping a command's output within bounds."""

import asyncio

_HEAD = _TAIL = 32_768
_CHUNK = 65_536


class BoundedOutput:
    """Keeps the first and the last 32 kB of a stream and counts what lies between."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0

    async def read(self, stream: asyncio.StreamReader | None) -> None:
        """Read to the end of the stream."""
        while stream is not None and (chunk := await stream.read(_CHUNK)):
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
