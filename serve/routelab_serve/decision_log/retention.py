"""Removing the files of a decision log that nobody wants to keep any longer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog

from routelab.decision_log.files import LogFile, parse_name
from routelab.decision_log.rows import SCHEMA

_BESIDE = (("", ("sqlite", "parquet", "jsonl")), ("-wal", ("sqlite",)), ("-shm", ("sqlite",)), (".part", ("parquet",)))
"""The endings of a log file and of what stands beside it while it is written, or was when its process was killed."""
_log = structlog.get_logger()


class Retention:
    """Removes the files of days that are over for more than `days` days (UTC), each day once.

    Only what a decision log of this version or an older one names is touched, and never a link.
    `today` gives the day (UTC).
    """

    def __init__(
        self, folder: Path, days: int, *, today: Callable[[], date] = lambda: datetime.now(UTC).date()
    ) -> None:
        self._folder = folder
        self._today = today
        self._days = timedelta(days=days)
        self._applied_on: date | None = None

    def apply(self) -> None:
        """Remove what is due, unless that was done today; what cannot be removed is logged. Never raises OSError."""
        today = self._today()
        if today == self._applied_on:
            return
        self._applied_on = today
        removed, failures = 0, []
        try:
            for place in _due(self._folder, before=today - self._days):
                try:
                    place.unlink(missing_ok=True)  # another shim of this folder may have been quicker
                    removed += 1
                except OSError as error:
                    failures.append(error)
        except OSError as error:
            failures.append(error)
        if failures:
            _log.warning("decision_log_not_cleared", failures=len(failures), detail=str(failures[0]))
        if removed:
            _log.info("decision_log_cleared", removed=removed, older_than_days=self._days.days)


def _due(folder: Path, *, before: date) -> list[Path]:
    """The files of days before one."""
    if not folder.exists():
        return []
    places = [(place, _file_of(place.name)) for place in folder.iterdir()]
    return [
        place
        for place, file in places
        if file is not None and file.day < before and file.schema <= SCHEMA and _is_plain(place)
    ]


def _file_of(name: str) -> LogFile | None:
    """The log file that a name is, or stands beside; None: it is none of ours."""
    for ending, forms in _BESIDE:
        file = parse_name(name.removesuffix(ending)) if name.endswith(ending) else None
        if file is not None and file.form in forms:
            return file
    return None


def _is_plain(place: Path) -> bool:
    return place.is_file() and not place.is_symlink()
