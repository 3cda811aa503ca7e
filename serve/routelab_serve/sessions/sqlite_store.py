"""Sessions in an SQLite file of their own, shared by the processes of one machine."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from routelab_serve.sessions.records import HALF_AN_HOUR_S

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    key BLOB PRIMARY KEY,
    value BLOB NOT NULL,
    expires_at_s REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_by_expiry ON session (expires_at_s);
"""
_BUSY_S = 1.0
_KEYS_A_QUERY = 500
_SWEEP_EVERY_S = 60.0


class SqliteStore:
    """Values in the file at `path`, which is made when it is first needed.

    Expired rows are swept away, and beyond `max_rows` those next to expire; between sweeps there may
    be a sixteenth more. What is put is committed but not synced: killing the process loses nothing,
    a power failure may lose the last seconds. One thread reads while another writes. `clock` gives
    unix seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_rows: int,
        ttl_s: float = HALF_AN_HOUR_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ttl_s = ttl_s
        self._clock = clock
        self._max_rows = max_rows
        self._reader = _Connection(path, "read")
        self._writer = _Connection(path, "write")
        self._swept_at_s = clock()
        self._unswept = 0

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """The values in the order of the keys. Raises sqlite3.Error or OSError."""
        return await self._reader.run(lambda connection: self._get(connection, keys))

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep every (key, value) in one transaction. Raises sqlite3.Error or OSError."""
        await self._writer.run(lambda connection: self._put(connection, entries))

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._reader.close()
        await self._writer.close()

    def _get(self, connection: sqlite3.Connection, keys: Sequence[bytes]) -> list[bytes | None]:
        now_s = self._clock()
        found: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            places = ",".join("?" * len(some))
            query = f"SELECT key, value FROM session WHERE key IN ({places}) AND expires_at_s > ?"  # noqa: S608
            found.update(connection.execute(query, (*some, now_s)))
        return [found.get(key) for key in keys]

    def _put(self, connection: sqlite3.Connection, entries: Sequence[tuple[bytes, bytes]]) -> None:
        expires_at_s = self._clock() + self._ttl_s
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (key) "
                "DO UPDATE SET value = excluded.value, expires_at_s = excluded.expires_at_s",
                [(key, value, expires_at_s) for key, value in entries],
            )
        self._unswept += len(entries)
        if self._unswept > self._max_rows // 16 or self._clock() - self._swept_at_s > _SWEEP_EVERY_S:
            self._sweep(connection)

    def _sweep(self, connection: sqlite3.Connection) -> None:
        self._unswept = 0
        self._swept_at_s = self._clock()
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM session WHERE expires_at_s <= ?", (self._swept_at_s,))
            [rows] = connection.execute("SELECT count(*) FROM session").fetchone()
            connection.execute(
                "DELETE FROM session WHERE key IN (SELECT key FROM session ORDER BY expires_at_s LIMIT ?)",
                (max(0, rows - self._max_rows),),
            )


class _Connection:
    """A connection in a thread of its own; opened when it is needed, and anew after a failure.

    A file that was removed or replaced is left for the one that stands in its place.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._inode = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"sessions-{name}")
        self._connection: sqlite3.Connection | None = None

    async def run(self, task: Callable[[sqlite3.Connection], T]) -> T:
        """What `task` gives; one task at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, task)

    async def close(self) -> None:
        """Close after the tasks that were given before."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    def _run(self, task: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is not None and not self._is_there():
            self._disconnect()
        if self._connection is None:
            self._connection = self._connect()
            self._inode = self._path.stat().st_ino
        try:
            return task(self._connection)
        except sqlite3.Error:
            self._disconnect()
            raise

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_ino == self._inode
        except OSError:
            return False

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
