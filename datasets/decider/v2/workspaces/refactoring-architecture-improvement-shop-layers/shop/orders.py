"""Placing orders."""
from shop import mail, stock
from shop.model import Order


class History(list):
    """All orders of this process, oldest first."""


_history = History()


def history():
    return _history


def place(customer, **lines):
    order = Order(customer, lines)
    for sku, count in lines.items():
        stock.take(sku, count)
    total = order.total()
    _history.append(order)
    mail.send(f"order of {customer}: {total}")
    if len(_history) % 3 == 0:
        mail.send_daily()
    return order
