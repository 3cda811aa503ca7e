"""Prices per kilogram."""
from decimal import Decimal

_PRICES = {"apples": Decimal("2.90"), "cheese": Decimal("18.4"), "saffron": Decimal("9500")}
_seen = {}


def price(article):
    """Price of a kilogram; remembered after the first look-up."""
    if article not in _seen:
        _seen[article] = _PRICES[article]
    return _seen[article]


def is_precious(article):
    return price(article).normalize() >= 1000
