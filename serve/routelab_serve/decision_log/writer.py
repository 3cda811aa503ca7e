"""What a decision log is written with."""

from collections.abc import Sequence
from typing import Protocol

from routelab.decision_log.rows import Row


class LogUnavailable(Exception):
    """Rows cannot be written now, but may be later: a full disk, a place that is not there."""


class LogWriter(Protocol):
    """Writes rows, in one thread; one that stands there already is left as it is."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, or none where only upkeep is due. Raises LogUnavailable."""

    def close(self) -> None:
        """Finish the files. Raises LogUnavailable."""
