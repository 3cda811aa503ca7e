"""Client of the storage service, version 2 (in-memory stand-in)."""
from dataclasses import dataclass
from datetime import datetime, timezone


class NotFound(Exception):
    """There is no such key."""


class Conflict(Exception):
    """The key has another etag than the one given, or exists though None was given."""


@dataclass(frozen=True)
class Record:
    value: dict
    etag: str
    modified: datetime  # aware, UTC


class Client:
    PAGE = 100

    def __init__(self, now=lambda: datetime.now(timezone.utc)):
        self._records, self._counter, self._now = {}, 0, now

    def fetch(self, key):
        """The Record; raises NotFound."""
        if key not in self._records:
            raise NotFound(key)
        return self._records[key]

    def save(self, key, value, *, if_match):
        """Write if the current etag equals `if_match` (None: only if the key is new); returns the new etag.

        Raises Conflict otherwise. Values are JSON objects: dict, list, str, int, bool, None; no float.
        """
        current = self._records.get(key)
        if (current.etag if current else None) != if_match:
            raise Conflict(key)
        self._counter += 1
        self._records[key] = Record(value, f"e{self._counter}", self._now())
        return self._records[key].etag

    def remove(self, key, *, if_match):
        """Delete if the etag still is `if_match`; raises NotFound or Conflict."""
        if self.fetch(key).etag != if_match:
            raise Conflict(key)
        del self._records[key]

    def keys(self, prefix, cursor=None):
        """(at most PAGE keys in order, next cursor or None). A page may be short or empty though more follow."""
        found = sorted(k for k in self._records if k.startswith(prefix) and (cursor is None or k > cursor))
        page = found[:self.PAGE]
        return page, page[-1] if len(found) > self.PAGE else None
