"""A small cache with a size limit and a time to live."""
from collections import OrderedDict


class Cache:
    """At most `size` entries; when a new key would be too many, the least recently used live entry goes
    (put and a successful get are uses; `in` and len are not). Entries that expired are never counted against live ones.

    An entry lives for `ttl` seconds after its last put: at exactly `ttl` seconds it is gone.
    A get does not prolong it. `clock` returns seconds.
    """

    def __init__(self, size, ttl, clock):
        if size < 1:
            raise ValueError("size")
        self.size, self.ttl, self.clock = size, ttl, clock
        self._entries = OrderedDict()

    def _sweep(self):
        now = self.clock()
        for key in [k for k, (_, end) in self._entries.items() if end <= now]:
            del self._entries[key]

    def put(self, key, value):
        self._sweep()
        self._entries[key] = (value, self.clock() + self.ttl)
        self._entries.move_to_end(key)
        while len(self._entries) > self.size:
            self._entries.popitem(last=False)

    def get(self, key, default=None):
        """The value, also when it is None or false; the default when there is no live entry."""
        self._sweep()
        if key not in self._entries:
            return default
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def pop(self, key):
        """Remove and return; KeyError when there is no live entry."""
        self._sweep()
        return self._entries.pop(key, (None,))[0]

    def __contains__(self, key):
        self._sweep()
        return key in self._entries

    def __len__(self):
        self._sweep()
        return len(self._entries)
