"""The decision log in Parquet: files by day, made of journals that are kept until then."""

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import structlog

from routelab.decision_log.files import ColumnKind, LogFile, by_stream_and_day, columns, parse_name
from routelab.decision_log.rows import SCHEMA, Row
from routelab.errors import ConfigError
from routelab_serve.decision_log.journal import Journal
from routelab_serve.decision_log.writer import LogUnavailable

try:
    import polars as pl
except ModuleNotFoundError as error:
    raise ConfigError("a decision log in Parquet files needs the package polars") from error

_MAX_ROWS = 50_000
_MAX_AGE_S = 300.0
_log = structlog.get_logger()
_TIME = "%Y-%m-%dT%H:%M:%S%.fZ"
_TYPES: dict[ColumnKind, pl.DataType] = {
    "text": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "time": pl.Datetime("us", "UTC"),
    "texts": pl.List(pl.String()),
}


class _Open:
    """A journal that is being written, and how much is in it."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.rows = 0
        self.since = time.monotonic()

    @property
    def is_full(self) -> bool:
        return self.rows >= _MAX_ROWS or time.monotonic() - self.since >= _MAX_AGE_S


class ParquetWriter:
    """Part files of a folder, which several processes may share.

    Rows go to a journal at once. After 5 minutes or 50,000 rows it becomes a Parquet file, whole
    or not at all; so do, at the first write, the journals that ended processes left behind. One that
    cannot be opened, since it is another user's for example, is left and read as it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[str, date], _Open] = {}
        self._has_recovered = False
        self._foreign: set[Path] = set()

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows to journals and publish those that are due; raises LogUnavailable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._has_recovered:
                self._recover()
            for key, group in by_stream_and_day(rows).items():
                opened = self._opened(key)
                opened.journal.append(group)
                opened.rows += len(group)
        except OSError as error:
            self._abandon()
            raise LogUnavailable(f"cannot write to {self._folder}: {error.strerror or error}") from error
        for key, opened in list(self._open.items()):
            if opened.is_full or key[1] != datetime.now(UTC).date():
                self._finish(self._open.pop(key).journal)

    def close(self) -> None:
        """Publish what is in the journals."""
        while self._open:
            self._finish(self._open.popitem()[1].journal)

    def _opened(self, key: tuple[str, date]) -> _Open:
        opened = self._open.get(key)
        if opened is not None and opened.journal.place.exists():
            return opened
        if opened is not None:
            opened.journal.close()
        stream, day = key
        place = self._folder / LogFile(stream, day, "jsonl", secrets.token_hex(4)).name
        self._open[key] = _Open(Journal(place))
        return self._open[key]

    def _abandon(self) -> None:
        """Leave the journals as they are; the next write begins others."""
        while self._open:
            self._open.popitem()[1].journal.close()
        self._has_recovered = False

    def _recover(self) -> None:
        for place in self._folder.glob("*.jsonl"):
            file = parse_name(place.name)
            if file is not None and file.schema == SCHEMA:
                self._take(place)
        self._has_recovered = True

    def _take(self, place: Path) -> None:
        try:
            self._finish(Journal(place))
        except (BlockingIOError, FileNotFoundError):  # another process writes it, or was quicker
            return
        except OSError as error:
            if place not in self._foreign:  # once, though after a failure all are looked at again
                _tell_kept(place, error)
            self._foreign.add(place)

    def _finish(self, journal: Journal) -> None:
        """Make a Parquet file of a journal; where that fails the journal stays, and is read as it is."""
        try:
            publish(journal.place)
        except Exception as error:  # Polars and msgspec have many; none may stop the log
            _tell_kept(journal.place, error)
        finally:
            journal.close()


def _tell_kept(journal: Path, error: Exception) -> None:
    _log.warning("decision_log_journal_kept", file=str(journal), error=f"{type(error).__name__}: {error}")


def publish(journal: Path) -> None:
    """Write a journal's rows to the Parquet file of the same name, and remove the journal."""
    file = parse_name(journal.name)
    if file is None:
        raise ValueError(f"{journal.name} is no journal")
    content = journal.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]  # the rest was cut off by the end of its process
    if whole:
        kinds = columns(file.stream)
        as_written = {name: pl.String() if kind == "time" else _TYPES[kind] for name, kind in kinds.items()}
        times = [name for name, kind in kinds.items() if kind == "time"]
        # Polars does all of it without Python's lock, which the event loop would wait for.
        rows = pl.read_ndjson(BytesIO(whole), schema=as_written)
        beside = journal.with_suffix(".parquet.part")
        rows.with_columns(pl.col(times).str.to_datetime(_TIME, time_unit="us", time_zone="UTC")).write_parquet(beside)
        beside.replace(journal.with_suffix(".parquet"))
    journal.unlink()
