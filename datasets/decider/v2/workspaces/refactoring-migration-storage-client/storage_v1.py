"""Storage service, version 1 (in-memory stand-in). To be switched off."""
import copy
import time


class Store:
    def __init__(self, now_ms=lambda: int(time.time() * 1000)):
        self._data, self._now_ms = {}, now_ms

    def get(self, key):
        """A copy of the value, or None."""
        return copy.deepcopy(self._data[key][0]) if key in self._data else None

    def put(self, key, value):
        """Write, whatever was there before."""
        self._data[key] = (copy.deepcopy(value), self._now_ms())

    def delete(self, key):
        """True if there was something to delete."""
        return self._data.pop(key, None) is not None

    def all_keys(self, prefix):
        return sorted(k for k in self._data if k.startswith(prefix))

    def modified_ms(self, key):
        """Time of the last write in ms since 1970 UTC, or None."""
        return self._data[key][1] if key in self._data else None

    def update(self, key, change):
        """Atomically replace the value (None if missing) by change(value); returns the new value."""
        value = change(self.get(key))
        self.put(key, value)
        return copy.deepcopy(value)
