"""Decimal helpers."""
from decimal import ROUND_HALF_UP, Decimal, getcontext
from functools import lru_cache

getcontext().prec = 12
getcontext().rounding = ROUND_HALF_UP


@lru_cache(maxsize=4)
def step(places):
    """Decimal step for a number of places: 2 -> 0.01."""
    return Decimal(1).scaleb(-places)


@lru_cache(maxsize=None)
def places(value):
    """How many digits after the point a value was given with."""
    return max(0, -value.as_tuple().exponent)


def rounded(value, digits):
    return value.quantize(step(digits))
