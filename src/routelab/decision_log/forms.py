"""The rows of one file of a decision log, whatever its form."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import structlog
from msgspec.structs import replace

from routelab.decision_log.files import LogFile, columns
from routelab.decision_log.rows import STREAMS, LoggedDecision, LoggedShadow
from routelab.errors import UserError

T = TypeVar("T", LoggedDecision, LoggedShadow)
_log = structlog.get_logger()


def newest_rows(file: LogFile, place: Path, row_type: type[T], since: datetime) -> Iterator[T]:
    """The rows from `since` on and perhaps earlier ones; those of an SQLite file newest first.

    A file that is broken is left with a warning. Raises UserError where a package is missing.
    """
    return _rows(file, place, row_type, since, descending=True)


def ordered_rows(file: LogFile, place: Path, row_type: type[T], since: datetime) -> Iterator[T]:
    """The rows of `newest_rows` by time, and as they were written where they bear the same.

    Of an SQLite file one second's rows are held at a time, of another, which is small, all.
    """
    rows = _rows(file, place, row_type, since, descending=False)
    seconds = groupby(rows, lambda row: row.at.replace(microsecond=0) if file.form == "sqlite" else None)
    return (row for _, second in seconds for row in sorted(second, key=lambda row: row.at))


def begins(file: LogFile, place: Path) -> datetime:
    """A time before which a file has no row, found without reading its rows."""
    midnight = datetime(file.day.year, file.day.month, file.day.day, tzinfo=UTC)
    if file.form != "parquet":
        return midnight
    try:
        import polars as pl

        first = pl.scan_parquet(place, glob=False).select(pl.col("at").min()).collect().item()
    except Exception:  # whoever reads it will tell
        return midnight
    return first if isinstance(first, datetime) else midnight


def _rows(file: LogFile, place: Path, row_type: type[T], since: datetime, *, descending: bool) -> Iterator[T]:
    stream = next(name for name, known in STREAMS.items() if known is row_type)
    try:
        for given in _read(file, place, stream, since, descending):
            yield msgspec.convert(given, row_type, strict=False)
    except FileNotFoundError:
        if file.form == "jsonl":  # the journal has become a Parquet file since the folder was listed
            published = replace(file, form="parquet"), place.with_suffix(".parquet")
            yield from _rows(*published, row_type, since, descending=descending)
    except UserError:
        raise
    except Exception as error:  # each library has its own for a broken file
        _log.warning("decision_log_file_broken", file=str(place), error=f"{type(error).__name__}: {error}")


def _read(file: LogFile, place: Path, stream: str, since: datetime, descending: bool) -> Iterator[dict[str, Any]]:
    if file.form == "sqlite":
        return _sqlite_rows(place, stream, since, "DESC" if descending else "ASC")
    return _parquet_rows(place, since) if file.form == "parquet" else _jsonl_rows(place)


def _sqlite_rows(place: Path, stream: str, since: datetime, order: str) -> Iterator[dict[str, Any]]:
    lists = [name for name, kind in columns(stream).items() if kind == "texts"]
    # Times are texts whose fraction is left out when it is 0, so that only whole seconds compare well.
    first = since.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    with closing(sqlite3.connect(f"file:{quote(str(place.absolute()))}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        query = f"SELECT * FROM {stream} WHERE at >= ? ORDER BY at {order}, rowid"  # noqa: S608 - names of our own
        for row in connection.execute(query, (first,)):
            given = dict(row)
            yield given | {name: msgspec.json.decode(given[name]) for name in lists if given[name] is not None}


def _parquet_rows(place: Path, since: datetime) -> Iterator[dict[str, Any]]:
    try:
        import polars as pl
    except ModuleNotFoundError as error:
        raise UserError(f"reading {place} needs the package polars") from error
    rows = pl.scan_parquet(place, glob=False).filter(pl.col("at") >= since)
    yield from rows.collect().iter_rows(named=True)


def _jsonl_rows(place: Path) -> Iterator[dict[str, Any]]:
    with place.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):  # being written, or cut off by the end of its process
                return
            yield msgspec.json.decode(line)
