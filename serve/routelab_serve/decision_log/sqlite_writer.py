"""The decision log in SQLite: one file a day, for anyone to query."""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from routelab.decision_log.files import ColumnKind, LogFile, by_stream_and_day, columns
from routelab.decision_log.rows import KEYS, STREAMS, Row
from routelab_serve.breath import in_small_bites
from routelab_serve.decision_log.writer import LogUnavailable

_BUSY_S = 1.0
_TYPES: dict[ColumnKind, str] = {
    "text": "TEXT",
    "number": "REAL",
    "integer": "INTEGER",
    "boolean": "INTEGER",
    "time": "TEXT",
    "texts": "TEXT",
}
_PASSING = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""Errors that the file is not to blame for: it may be written later."""


class SqliteWriter:
    """Files by day in a folder, which several processes may share.

    A file that turns out to be broken is left as it is, and another one of that day begun.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day: date | None = None
        self._place = folder
        self._inode = 0
        self._connection: sqlite3.Connection | None = None

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, each day's in one transaction; raises LogUnavailable."""
        days: dict[date, dict[str, list[Row]]] = {}
        for (stream, day), group in by_stream_and_day(rows).items():
            days.setdefault(day, {})[stream] = group
        for day, streams in sorted(days.items()):
            try:
                self._write_day(day, streams)
            except OSError as error:
                self.close()
                raise LogUnavailable(f"cannot write to {self._folder}: {error.strerror}") from error
            except sqlite3.ProgrammingError:  # the rows are wrong, not the file
                self.close()
                raise
            except sqlite3.DatabaseError as error:
                self._leave(error)
                raise LogUnavailable(f"cannot write to {self._place}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _write_day(self, day: date, streams: dict[str, list[Row]]) -> None:
        connection = self._opened(day)
        with connection:
            for stream, rows in streams.items():
                marks = ", ".join("?" * len(columns(stream)))
                connection.executemany(
                    f"INSERT OR IGNORE INTO {stream} VALUES ({marks})",  # noqa: S608 - names of our own
                    (_values(row, stream) for row in in_small_bites(rows)),
                )

    def _opened(self, day: date) -> sqlite3.Connection:
        if self._day != day:
            self.close()
            self._day, self._place = day, self._folder / LogFile("log", day, "sqlite").name
        if self._connection is not None and self._is_there():
            return self._connection
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._connection = _connect(self._place)
        self._inode = self._place.stat().st_ino
        return self._connection

    def _is_there(self) -> bool:
        """Whether the open file still stands where it is looked for; somebody may have moved it."""
        try:
            return self._place.stat().st_ino == self._inode
        except OSError:
            return False

    def _leave(self, error: sqlite3.DatabaseError) -> None:
        """Close the file, and never take it again when it is what is wrong."""
        self.close()
        name = getattr(error, "sqlite_errorname", None) or ""
        if self._day is not None and not name.startswith(_PASSING):
            part = secrets.token_hex(4)
            self._place = self._folder / LogFile("log", self._day, "sqlite", part).name


def _connect(place: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=_BUSY_S)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        with connection:
            for stream in STREAMS:
                named = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in columns(stream).items())
                key = ", ".join(KEYS[stream])
                connection.execute(f"CREATE TABLE IF NOT EXISTS {stream} ({named}, PRIMARY KEY ({key}))")
                connection.execute(f"CREATE INDEX IF NOT EXISTS {stream}_at ON {stream} (at)")
    except BaseException:
        connection.close()
        raise
    return connection


def _values(row: Row, stream: str) -> list[Any]:
    given = msgspec.to_builtins(row)
    return [
        msgspec.json.encode(value).decode() if kind == "texts" and value is not None else value
        for (name, kind), value in zip(columns(stream).items(), given.values(), strict=True)
    ]
