"""Invoices. A customer with more than 3 open ones is locked, and what he waits for is forgotten."""
from depot import mail, stock

OPEN = {}
LOCKED = set()


class Refused(Exception):
    pass


def invoice(customer, sku, count):
    if customer in LOCKED:
        raise Refused(customer)
    OPEN.setdefault(customer, []).append((sku, count))
    mail.invoice(customer, len(OPEN[customer]))
    if len(OPEN[customer]) > 3:
        LOCKED.add(customer)
        stock.cancel(customer)
        mail.locked(customer)


def pay(customer):
    """All open invoices are paid; returns how many there were."""
    LOCKED.discard(customer)
    return len(OPEN.pop(customer, []))
