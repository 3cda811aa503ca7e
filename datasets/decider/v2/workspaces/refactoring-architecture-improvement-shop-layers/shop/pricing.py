"""Prices in cents."""
from shop.model import Order

PRICES = {"tea": 250, "cup": 999, "pot": 2450}


def price_of(sku):
    return PRICES[sku]


def cheapest(items):
    """The cheapest of some orders and article names, by total or price."""
    return min(items, key=lambda x: x.total() if isinstance(x, Order) else price_of(x))
