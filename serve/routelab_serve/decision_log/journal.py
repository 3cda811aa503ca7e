"""A journal: rows of one stream and day as JSON lines, owned by the process that holds its lock."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from routelab.decision_log.rows import Row
from routelab_serve.breath import in_small_bites

_AT_ONCE = 10


class Journal:
    """An open journal; the lock goes with the process, however that ends."""

    def __init__(self, place: Path) -> None:
        """Open or make the file; raises OSError, BlockingIOError where another process owns it."""
        self.place = place
        self._file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.stat(place).st_ino != os.fstat(self._file).st_ino:  # noqa: PTH116
                raise BlockingIOError(f"{place} was another process's and is gone")
        except BaseException:
            os.close(self._file)
            raise

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows as a whole; raises OSError, and the journal is as it was."""
        size = os.fstat(self._file).st_size
        few = (rows[begin : begin + _AT_ONCE] for begin in in_small_bites(range(0, len(rows), _AT_ONCE)))
        lines = b"".join(map(msgspec.json.Encoder().encode_lines, few))
        try:
            if os.write(self._file, lines) != len(lines):
                raise OSError("the disk is full")
        except OSError:
            os.ftruncate(self._file, size)
            raise

    def close(self) -> None:
        """Give the lock away; the file stays."""
        os.close(self._file)
