"""Reading a decision log back, from whatever files a folder holds."""

import heapq
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from routelab.decision_log.files import LogFile, log_files
from routelab.decision_log.forms import T, begins, newest_rows, ordered_rows
from routelab.decision_log.rows import KEYS, SCHEMA, STREAMS, LoggedDecision, LoggedShadow
from routelab.errors import UserError

_Files = list[tuple[LogFile, Path]]


def read_decisions(
    path: Path, since: datetime | None = None, until: datetime | None = None
) -> Iterator[LoggedDecision]:
    """The decisions logged at or after `since` and before `until` (None: no limit), oldest first.

    `path` is the log's folder, or one of its files; a log that is being written can be read. What
    is broken is left out with a warning that names the file. Few rows are held at a time. Raises
    UserError when there is no such place, or a newer routelab wrote there.
    """
    return _in_order(path, LoggedDecision, since, until)


def read_shadows(path: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[LoggedShadow]:
    """What shadow routers answered, as `read_decisions` reads decisions."""
    return _in_order(path, LoggedShadow, since, until)


def scan(path: Path, row_type: type[T], since: datetime | None = None, until: datetime | None = None) -> Iterator[T]:
    """The rows of one type as files hold them: newest files first, and twice where written twice.

    For looking at the newest of more than can be held; otherwise as `read_decisions`.
    """
    within = _Span(since, until)
    days = _days(path, _stream_of(row_type), within)
    return (
        row
        for files in reversed(days)
        for file, place in _newest_first(files)
        for row in newest_rows(file, place, row_type, within.since)
        if within.holds(row.at)
    )


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


def _stream_of(row_type: type[LoggedDecision] | type[LoggedShadow]) -> str:
    return next(name for name, known in STREAMS.items() if known is row_type)


def _days(path: Path, stream: str, within: _Span) -> list[_Files]:
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
        rows = (row for files in days for row in _merged(files, row_type, within))
        for _, together in groupby(rows, lambda row: row.at):  # a row that was written twice bears the same time
            once: dict[tuple[str, ...], T] = {}
            for row in together:
                once.setdefault(tuple(getattr(row, name) for name in KEYS[stream]), row)
            yield from once.values()

    return ordered()


def _merged(files: _Files, row_type: type[T], within: _Span) -> Iterator[T]:
    """The rows of a day's files by time; a file is opened when its time comes, so that few are at once."""
    waiting: list[tuple[datetime, int, T | None, Iterator[T]]] = [
        (begins(file, place), number, None, ordered_rows(file, place, row_type, within.since))
        for number, (file, place) in enumerate(files)
    ]
    heapq.heapify(waiting)
    while waiting:
        _, number, row, following = heapq.heappop(waiting)
        if row is not None and within.holds(row.at):
            yield row
        if (after := next(following, None)) is not None:
            heapq.heappush(waiting, (after.at, number, after, following))


def _newest_first(files: _Files) -> _Files:
    def written(pair: tuple[LogFile, Path]) -> float:
        with suppress(OSError):  # a journal that has become a Parquet file meanwhile
            return pair[1].stat().st_mtime
        return float("inf")

    return sorted(files, key=written, reverse=True)
