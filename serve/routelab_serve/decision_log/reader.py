"""Reading a decision log back, from whatever files a folder holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import structlog
from msgspec.structs import replace

from routelab.errors import UserError
from routelab_serve.decision_log.files import LogFile, columns, log_files
from routelab_serve.decision_log.rows import KEYS, SCHEMA, STREAMS, LoggedDecision, ShadowAnswer

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
    return _read(path, LoggedDecision, since, until)


def read_shadows(path: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[ShadowAnswer]:
    """What shadow routers answered, as `read_decisions` reads decisions."""
    return _read(path, ShadowAnswer, since, until)


def _read(path: Path, row_type: type[T], since: datetime | None, until: datetime | None) -> Iterator[T]:
    if not path.exists():
        raise UserError(f"there is no decision log at {path}")
    stream = next(name for name, known in STREAMS.items() if known is row_type)
    files = [(file, place) for file, place in log_files(path) if file.stream in (stream, "log")]
    for file, place in files:
        if file.schema > SCHEMA:
            raise UserError(f"{place} was written by a newer routelab; upgrade routelab to read it")
    return _of_days(files, stream, row_type, since or datetime.min.replace(tzinfo=UTC), until)


def _of_days(
    files: list[tuple[LogFile, Path]], stream: str, row_type: type[T], since: datetime, until: datetime | None
) -> Iterator[T]:
    last = until or datetime.max.replace(tzinfo=UTC)
    for day, group in groupby(files, key=lambda pair: pair[0].day):
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if begins >= last or begins + timedelta(days=1) <= since:
            continue
        rows: dict[tuple[str, ...], T] = {}
        for file, place in group:
            for row in _rows(file, place, stream, row_type):
                if since <= row.at < last:
                    rows.setdefault(tuple(getattr(row, name) for name in KEYS[stream]), row)
        yield from sorted(rows.values(), key=lambda row: row.at)


def _rows(file: LogFile, place: Path, stream: str, row_type: type[T]) -> Iterator[T]:
    reads = {"sqlite": _sqlite_rows, "parquet": _parquet_rows, "jsonl": _jsonl_rows}
    try:
        for given in reads[file.form](place, stream):
            yield msgspec.convert(given, row_type, strict=False)
    except FileNotFoundError:
        if file.form == "jsonl":  # the journal has become a Parquet file since the folder was listed
            yield from _rows(replace(file, form="parquet"), place.with_suffix(".parquet"), stream, row_type)
    except UserError:
        raise
    except Exception as error:  # each library has its own for a broken file
        _log.warning("decision_log_file_broken", file=str(place), error=f"{type(error).__name__}: {error}")


def _sqlite_rows(place: Path, stream: str) -> Iterator[dict[str, Any]]:
    lists = [name for name, kind in columns(stream).items() if kind == "texts"]
    with closing(sqlite3.connect(f"file:{quote(str(place.absolute()))}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute(f"SELECT * FROM {stream} ORDER BY at"):  # noqa: S608 - a name of our own
            given = dict(row)
            yield given | {name: msgspec.json.decode(given[name]) for name in lists if given[name] is not None}


def _parquet_rows(place: Path, _stream: str) -> Iterator[dict[str, Any]]:
    try:
        import polars as pl
    except ModuleNotFoundError as error:
        raise UserError(f"reading {place} needs the package polars") from error
    yield from pl.read_parquet(place).iter_rows(named=True)


def _jsonl_rows(place: Path, _stream: str) -> Iterator[dict[str, Any]]:
    with place.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):  # being written, or cut off by the end of its process
                return
            yield msgspec.json.decode(line)
