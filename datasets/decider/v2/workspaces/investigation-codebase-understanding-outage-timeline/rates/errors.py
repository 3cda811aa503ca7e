class RatesError(Exception):
    pass


class Unavailable(RatesError):
    """The upstream did not answer in time, or answered 5xx."""


class Rejected(RatesError):
    """The upstream answered 4xx."""


class CircuitOpen(Unavailable):
    """Not even tried."""
