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
            raise ValueError("size must be positive")
        self._limit, self._ttl, self._clock, self._rows = size, ttl, clock, []

    def _live(self):
        now = self._clock()
        self._rows = [row for row in self._rows if now - row[2] < self._ttl]
        return self._rows

    def _find(self, key):
        return next((row for row in self._live() if row[0] == key), None)

    def put(self, key, value):
        rows = [row for row in self._live() if row[0] != key]
        self._rows = (rows + [(key, value, self._clock())])[-self._limit:]

    def get(self, key, default=None):
        row = self._find(key)
        if row is None:
            return default
        self._rows.remove(row)
        self._rows.append(row)
        return row[1]

    def pop(self, key):
        row = self._find(key)
        if row is None:
            raise KeyError(key)
        self._rows.remove(row)
        return row[1]

    def __contains__(self, key):
        return self._find(key) is not None

    def __len__(self):
        return len(self._live())
