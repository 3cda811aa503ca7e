"""Sessions in this process: a bounded LRU whose million entries the garbage collector never walks."""

import time
from collections.abc import Callable, Sequence
from struct import Struct

from routelab_serve.sessions.records import HALF_AN_HOUR_S

_PUT_AT = Struct("<d")
_SHARD_ENTRIES = 2_500


class MemoryStore:
    """At most `max_entries` values, each for `ttl_s` seconds after it was put.

    The least recently used makes room; beyond 2,500 entries, the least recently used of one of
    several shards. A dict of bytes is no business of the garbage collector (an OrderedDict of a
    million entries costs every full collection 75 ms), and a small one is quickly rebuilt when it
    grows. For one event loop; not for threads. `clock` gives seconds that never go back.
    """

    def __init__(
        self, max_entries: int, *, ttl_s: float = HALF_AN_HOUR_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._max_entries = max_entries
        self._ttl_s = ttl_s
        self._clock = clock
        self._shards: tuple[dict[bytes, bytes], ...] = tuple({} for _ in range(-(-max_entries // _SHARD_ENTRIES)))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def peek(self, key: bytes) -> memoryview | None:
        """The value, which counts as used now; None when there is none."""
        shard = self._shards[hash(key) % len(self._shards)]
        stored = shard.get(key)
        if stored is None:
            return None
        if self._clock() - _PUT_AT.unpack_from(stored)[0] >= self._ttl_s:
            del shard[key]
            self._count -= 1
            return None
        del shard[key]  # the end of a dict is its most recent side
        shard[key] = stored
        return memoryview(stored)[_PUT_AT.size :]

    def keep(self, key: bytes, value: bytes) -> None:
        """Put a value; it counts as used now."""
        shard = self._shards[hash(key) % len(self._shards)]
        if shard.pop(key, None) is None:
            self._count += 1
        shard[key] = _PUT_AT.pack(self._clock()) + value
        if self._count > self._max_entries:
            del shard[next(iter(shard))]
            self._count -= 1

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """The values in the order of the keys."""
        found = (self.peek(key) for key in keys)
        return [None if value is None else bytes(value) for value in found]

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep every (key, value)."""
        for key, value in entries:
            self.keep(key, value)

    async def close(self) -> None:
        """Forget everything."""
        for shard in self._shards:
            shard.clear()
        self._count = 0
