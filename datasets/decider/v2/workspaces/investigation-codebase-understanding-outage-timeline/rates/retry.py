from rates.errors import Unavailable


class Retry:
    def __init__(self, clock, attempts, first_pause, factor, budget):
        self.clock, self.attempts = clock, attempts
        self.first_pause, self.factor, self.budget = first_pause, factor, budget

    def call(self, function, *args):
        begin = self.clock.now
        pause = self.first_pause
        for left in reversed(range(self.attempts)):
            try:
                return function(*args)
            except Unavailable:
                if not left or self.clock.now + pause - begin >= self.budget:
                    raise
            self.clock.sleep(pause)
            pause *= self.factor
