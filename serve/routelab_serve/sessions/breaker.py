"""A circuit breaker: a store that keeps failing is left alone for a moment."""

import time
from collections.abc import Callable

import structlog

_log = structlog.get_logger()


class Breaker:
    """Lets calls through until `failures` in a row failed; then one a `pause_s`, until one succeeds.

    `operation` names it in the log. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        operation: str,
        *,
        failures: int = 3,
        pause_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._operation = operation
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failed = 0
        self._probe_at_s = 0.0

    def allows(self) -> bool:
        """Whether to call now; after a pause, True is the permission for one probe."""
        if self._failed < self._limit:
            return True
        now_s = self._clock()
        if now_s < self._probe_at_s:
            return False
        self._probe_at_s = now_s + self._pause_s
        return True

    def succeeded(self) -> None:
        """A call came back in time."""
        if self._failed >= self._limit:
            _log.info("session_store_used_again", operation=self._operation)
        self._failed = 0

    def failed(self, error: Exception) -> None:
        """A call failed or was late."""
        self._failed += 1
        self._probe_at_s = self._clock() + self._pause_s
        if self._failed == self._limit:
            _log.warning("session_store_left_alone", operation=self._operation, error=type(error).__name__)
