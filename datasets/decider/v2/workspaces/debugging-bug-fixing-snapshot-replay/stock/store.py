"""In-memory stand-in for the event database. It hands out the very objects it was given."""


class ConflictError(Exception):
    """Somebody else appended to the stream first."""


class EventStore:
    def __init__(self):
        self._streams = {}
        self._snapshots = {}
        self.events_read = 0

    def append(self, stream, events, expected_version):
        log = self._streams.setdefault(stream, [])
        if len(log) != expected_version:
            raise ConflictError(f"{stream} is at {len(log)}, not at {expected_version}")
        log.extend(events)

    def events_after(self, stream, version):
        """Events number version + 1 and up (the first event of a stream is number 1)."""
        found = self._streams.get(stream, [])[version:]
        self.events_read += len(found)
        return found

    def save_snapshot(self, stream, snapshot):
        self._snapshots[stream] = snapshot

    def latest_snapshot(self, stream):
        return self._snapshots.get(stream)
