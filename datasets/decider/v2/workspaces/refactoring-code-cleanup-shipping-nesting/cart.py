"""Totals for the checkout page."""
from shipping import shipping_cents


def grand_total(order):
    shipping = shipping_cents(order)
    if shipping is None:
        raise ValueError("we do not ship this order")
    return order["total_cents"] + shipping
