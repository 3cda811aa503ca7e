"""Cart totals."""
from decimal import Decimal


def line_total(prices, article, quantity):
    row = prices[article]
    pack = int(row["pack_size"])
    return Decimal(row["unit_price"]) * pack * quantity


def cart_total(prices, cart):
    return sum((line_total(prices, a, q) for a, q in cart.items()), Decimal(0))
