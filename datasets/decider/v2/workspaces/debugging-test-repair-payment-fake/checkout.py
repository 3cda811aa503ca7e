"""Paying and cancelling orders. An order is a dict with 'number' and 'cents'."""
from gateway import Unreachable


class AmountChanged(Exception):
    """The order was charged before with another amount."""


def pay(gateway, order):
    """Charge the order under its number as key; returns the receipt.

    An unreachable gateway is asked a second time, not a third. A refusal goes to the caller at once.
    """
    try:
        receipt = gateway.charge(order["number"], order["cents"])
    except Unreachable:
        receipt = gateway.charge(order["number"], order["cents"])
    if receipt.cents != order["cents"]:
        raise AmountChanged(order["number"])
    return receipt


def cancel(gateway, order):
    """Give back what is left of the order's charge; returns the cents given back now."""
    receipt = gateway.find(order["number"])
    if receipt is None or receipt.refunded == receipt.cents:
        return 0
    left = receipt.cents - receipt.refunded
    gateway.refund(receipt.number, left)
    return left
