"""Reading a decision log back, from whatever files a folder holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import structlog
from msgspec.structs import replace

from routelab.decision_log.files import LogFile, columns, log_files
from routelab.decision_log.rows import KEYS, SCHEMA, STREAMS, LoggedDecision, ShadowAnswer
from routelab.errors import UserError

T = TypeVar("T", LoggedDecision, ShadowAnswer)
_log = structlog.get_logger()


def read_decisions(
    path: Path, since: datetime | None = None, until: datetime | None = None
) -> Iterator[LoggedDecision]:
    """The decisions logged at or after `since` and before `until` (None: no limit), oldest first.

    `path` is the log's folder, or one of its files; a log that is being written can be read. What
    is broken is left out with a warning that names the file. Raises UserError when there is no
    such place, or a newer routelab wrote there.
    """
    return _in_order(path, LoggedDecision, since, until)


def read_shadows(path: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[ShadowAnswer]:
    """What shadow routers answered, as `read_decisions` reads decisions."""
    return _in_order(path, ShadowAnswer, since, until)


def scan(path: Path, row_type: type[T], since: datetime | None = None, until: datetime | None = None) -> Iterator[T]:
    """The rows of one type as files hold them: newest files first, and twice where written twice.

    For looking at the newest of more than can be held; otherwise as `read_decisions`.
    """
    within = _Span(since, until)
    days = _days(path, _stream_of(row_type), within)
    return (row for files in reversed(days) for row in _rows_of(_newest_first(files), row_type, within))


class _Span:
    """From `since` on and before `until`; None: no limit."""

    def __init__(self, since: datetime | None, until: datetime | None) -> None:
        self.since = since or datetime.min.replace(tzinfo=UTC)
        self.until = until or datetime.max.replace(tzinfo=UTC)

    def meets(self, day: date) -> bool:
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return begins < self.until and begins + timedelta(days=1) > self.since

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def _stream_of(row_type: type[LoggedDecision] | type[ShadowAnswer]) -> str:
    return next(name for name, known in STREAMS.items() if known is row_type)


def _days(path: Path, stream: str, within: _Span) -> list[list[tuple[LogFile, Path]]]:
    """The files that may hold rows of the span, by day."""
    if not path.exists():
        raise UserError(f"there is no decision log at {path}")
    files = [(file, place) for file, place in log_files(path) if file.stream in (stream, "log")]
    for file, place in files:
        if file.schema > SCHEMA:
            raise UserError(f"{place} was written by a newer routelab; upgrade routelab to read it")
    by_day = groupby(files, key=lambda pair: pair[0].day)
    return [list(group) for day, group in by_day if within.meets(day)]


def _in_order(path: Path, row_type: type[T], since: datetime | None, until: datetime | None) -> Iterator[T]:
    within = _Span(since, until)
    stream = _stream_of(row_type)
    days = _days(path, stream, within)

    def ordered() -> Iterator[T]:
        for files in days:
            rows: dict[tuple[str, ...], T] = {}
            for row in _rows_of(files, row_type, within):
                rows.setdefault(tuple(getattr(row, name) for name in KEYS[stream]), row)
            yield from sorted(rows.values(), key=lambda row: row.at)

    return ordered()


def _newest_first(files: list[tuple[LogFile, Path]]) -> list[tuple[LogFile, Path]]:
    def written(pair: tuple[LogFile, Path]) -> float:
        with suppress(OSError):  # a journal that has become a Parquet file meanwhile
            return pair[1].stat().st_mtime
        return float("inf")

    return sorted(files, key=written, reverse=True)


def _rows_of(files: list[tuple[LogFile, Path]], row_type: type[T], within: _Span) -> Iterator[T]:
    for file, place in files:
        yield from (row for row in _rows(file, place, row_type, within) if within.holds(row.at))


def _rows(file: LogFile, place: Path, row_type: type[T], within: _Span) -> Iterator[T]:
    """The rows of one file, and perhaps some outside of the span."""
    reads = {"sqlite": _sqlite_rows, "parquet": _parquet_rows, "jsonl": _jsonl_rows}
    try:
        for given in reads[file.form](place, _stream_of(row_type), within):
            yield msgspec.convert(given, row_type, strict=False)
    except FileNotFoundError:
        if file.form == "jsonl":  # the journal has become a Parquet file since the folder was listed
            yield from _rows(replace(file, form="parquet"), place.with_suffix(".parquet"), row_type, within)
    except UserError:
        raise
    except Exception as error:  # each library has its own for a broken file
        _log.warning("decision_log_file_broken", file=str(place), error=f"{type(error).__name__}: {error}")


def _sqlite_rows(place: Path, stream: str, within: _Span) -> Iterator[dict[str, Any]]:
    lists = [name for name, kind in columns(stream).items() if kind == "texts"]
    # Times are texts whose fraction is left out when it is 0, so that only whole seconds compare well.
    first = within.since.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    with closing(sqlite3.connect(f"file:{quote(str(place.absolute()))}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        query = f"SELECT * FROM {stream} WHERE at >= ? ORDER BY at DESC, rowid"  # noqa: S608 - a name of our own
        for row in connection.execute(query, (first,)):
            given = dict(row)
            yield given | {name: msgspec.json.decode(given[name]) for name in lists if given[name] is not None}


def _parquet_rows(place: Path, _stream: str, within: _Span) -> Iterator[dict[str, Any]]:
    try:
        import polars as pl
    except ModuleNotFoundError as error:
        raise UserError(f"reading {place} needs the package polars") from error
    rows = pl.scan_parquet(place, glob=False).filter(pl.col("at") >= within.since)
    yield from rows.collect().iter_rows(named=True)


def _jsonl_rows(place: Path, _stream: str, _within: _Span) -> Iterator[dict[str, Any]]:
    with place.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):  # being written, or cut off by the end of its process
                return
            yield msgspec.json.decode(line)
