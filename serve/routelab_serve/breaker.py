"""A circuit breaker: what keeps failing is left alone for a moment."""

import time
from collections.abc import Callable

import structlog

_log = structlog.get_logger()


class Breaker:
    """Lets calls through until `failures` in a row failed; then one a `pause_s`, until one succeeds.

    `what` names it in the log. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        what: str,
        *,
        failures: int = 3,
        pause_s: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failed = 0
        self._probe_at_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it holds calls back, but for probes."""
        return self._failed >= self._limit

    def allows(self) -> bool:
        """Whether to call now; after a pause, True is the permission for one probe."""
        if not self.is_open:
            return True
        now_s = self._clock()
        if now_s < self._probe_at_s:
            return False
        self._probe_at_s = now_s + self._pause_s
        return True

    def succeeded(self) -> None:
        """A call came back in time."""
        if self.is_open:
            _log.info("used_again", what=self._what)
        self._failed = 0

    def failed(self, error: Exception) -> None:
        """A call failed or was late."""
        self._failed += 1
        self._probe_at_s = self._clock() + self._pause_s
        if self._failed == self._limit:
            _log.warning("left_alone", what=self._what, error=type(error).__name__)
