from rates.errors import CircuitOpen, RatesError, Unavailable


class Breaker:
    def __init__(self, clock, failures, pause):
        self.clock, self.limit, self.pause = clock, failures, pause
        self.count = 0
        self.opened = None

    def call(self, function, *args):
        if self.opened is not None and self.clock.now - self.opened < self.pause:
            raise CircuitOpen
        try:
            result = function(*args)
        except Unavailable:
            self.count += 1
            if self.count >= self.limit:
                self.opened = self.clock.now
            raise
        except RatesError:
            self._reset()
            raise
        self._reset()
        return result

    def _reset(self):
        self.count = 0
        self.opened = None
