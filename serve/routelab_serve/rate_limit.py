"""A limit on how often each key may ask."""

import math
import time
from collections.abc import Callable, Hashable
from typing import Self

from litestar.exceptions import TooManyRequestsException

_ROUNDING = 1e-3
"""Share of one request's time by which sums of such times may be off."""


class RateLimiter:
    """A token bucket per key: `burst` requests at once, `per_second` of them come back each second.

    A bucket is one number, the time at which it is full again (the generic cell rate algorithm,
    ITU-T I.371). At most `max_keys` are remembered; beyond that the fullest buckets count as full.
    Keys are held in memory, so give something that stands for a secret, not the secret. For one
    event loop. `refused` counts the requests that came too soon. `clock` gives seconds that never go
    back.
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        max_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval_s = 1 / per_second
        self._room_s = (burst - 1 + _ROUNDING) * self._interval_s
        self._max_keys = max_keys
        self._clock = clock
        self._full_at: dict[Hashable, float] = {}
        self.refused = 0

    def __deepcopy__(self, _: object) -> Self:
        """Itself: Litestar copies handlers with all that guards them, and a limit must stay one."""
        return self

    def take(self, key: Hashable) -> None:
        """Take a token; raises TooManyRequestsException (429), which says when to come back, if there is none."""
        wait_s = self.wait_s(key)
        if wait_s > 0:
            self.refused += 1
            raise TooManyRequestsException("This key asks too often", headers={"Retry-After": str(math.ceil(wait_s))})

    def wait_s(self, key: Hashable) -> float:
        """0.0 when the request may pass, which takes a token; else how many seconds are missing."""
        now = self._clock()
        full_at = self._full_at.get(key)
        if full_at is None:
            if len(self._full_at) >= self._max_keys:
                self._forget(now)
            full_at = now
        elif full_at < now:
            full_at = now
        missing_s = full_at - now - self._room_s
        if missing_s > 0:
            return missing_s
        self._full_at[key] = full_at + self._interval_s
        return 0.0

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full, and of the others the fullest, until a tenth is free."""
        by_time = sorted((full_at, number, key) for number, (key, full_at) in enumerate(self._full_at.items()))
        keep = self._max_keys - max(1, self._max_keys // 10)
        self._full_at = {key: full_at for full_at, _, key in by_time[-keep:] if full_at > now} if keep else {}
