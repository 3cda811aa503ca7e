from rates.breaker import Breaker
from rates.cache import Cache
from rates.clock import Clock
from rates.retry import Retry
from rates.settings import section
from rates.transport import Transport


class Client:
    def __init__(self, upstream, clock=None):
        self.clock = clock or Clock()
        self.transport = Transport(self.clock, upstream, **section("transport"))
        self.breaker = Breaker(self.clock, **section("breaker"))
        self.retry = Retry(self.clock, **section("retry"))
        self.cache = Cache(self.clock, **section("cache"))

    def get(self, name):
        return self.cache.get(name, lambda n: self.retry.call(self.breaker.call, self.transport.send, n))
