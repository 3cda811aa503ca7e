"""A sliding-window rate limiter."""
from collections import deque
from time import monotonic


class Limiter:
    """Allows at most `limit` calls in any window of `seconds`.

    A call that is exactly `seconds` old no longer counts. Refused calls never count.
    """

    def __init__(self, limit, seconds):
        self.limit = limit
        self.seconds = seconds
        self._calls = deque()

    def allow(self):
        """Count the call and return True, or return False when the limit is reached."""
        now = self._forget()
        if len(self._calls) >= self.limit:
            return False
        self._calls.append(now)
        return True

    def wait(self):
        """Seconds until the next call would be allowed; 0.0 if it is allowed now."""
        now = self._forget()
        if len(self._calls) < self.limit:
            return 0.0
        return self._calls[0] + self.seconds - now

    def _forget(self):
        now = monotonic()
        while self._calls and now - self._calls[0] >= self.seconds:
            self._calls.popleft()
        return now
