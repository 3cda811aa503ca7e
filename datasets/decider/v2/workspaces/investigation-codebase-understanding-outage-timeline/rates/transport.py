from rates.errors import Rejected, Unavailable


class Transport:
    """`upstream(now, name)` gives (status, body, seconds it takes); None seconds is no answer."""

    def __init__(self, clock, upstream, timeout):
        self.clock, self.upstream, self.timeout = clock, upstream, timeout
        self.sent = 0

    def send(self, name):
        self.sent += 1
        status, body, took = self.upstream(self.clock.now, name)
        if took is None or took > self.timeout:
            self.clock.sleep(self.timeout)
            raise Unavailable("timeout")
        self.clock.sleep(took)
        if status >= 500:
            raise Unavailable(status)
        if status >= 400:
            raise Rejected(status)
        return body
