"""Daily figures."""
from shop import orders, pricing


def daily():
    """'3 orders, 7496 cents, cheapest 250' or 'no orders'."""
    found = orders.history()
    if not found:
        return "no orders"
    return f"{len(found)} orders, {sum(o.total() for o in found)} cents, cheapest {pricing.cheapest(found).total()}"
