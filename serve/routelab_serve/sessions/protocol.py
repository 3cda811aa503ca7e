"""What a session store must offer."""

from collections.abc import Sequence
from typing import Literal, Protocol

ErrorKind = Literal["read_timeout", "read_failed", "write_timeout", "write_failed", "write_dropped", "bad_entry"]
"""What can go wrong with a store: `bad_entry` is a value that is no session, or a session that is too large."""


class SessionStore(Protocol):
    """Keeps opaque values by opaque keys, each for the store's own time to live after its last put.

    A value that is gone, expired or crowded out is None; that is no failure. Any method may raise
    whatever its driver raises: who calls guards himself. Putting the same entries again is harmless.
    """

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """The values in the order of the keys."""

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep every (key, value); of equal keys the last one stays."""

    async def close(self) -> None:
        """Let go of files and connections."""
