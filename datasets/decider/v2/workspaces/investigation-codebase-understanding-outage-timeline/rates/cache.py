from rates.errors import CircuitOpen, Unavailable


class Cache:
    def __init__(self, clock, fresh, stale):
        self.clock, self.fresh, self.stale = clock, fresh, stale
        self.kept = {}

    def get(self, name, load):
        body, since = self.kept.get(name, (None, None))
        if since is not None and self.clock.now - since < self.fresh:
            return "cached", body
        asked = self.clock.now
        try:
            new = load(name)
        except Unavailable as error:
            if since is not None and asked - since <= self.stale:
                if not isinstance(error, CircuitOpen):
                    self.kept[name] = body, asked - self.fresh + 1
                return "stale", body
            raise
        self.kept[name] = new, asked
        return "fresh", new
