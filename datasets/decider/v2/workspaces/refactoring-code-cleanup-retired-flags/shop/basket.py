"""Baskets: lists of (cents, count)."""
from shop.flags import enabled


def total(basket, user):
    """Cents to pay."""
    if enabled("new_basket", user):
        cents = _sum(basket)
    else:
        cents = _old_sum(basket)
    if enabled("gift_wrap", user):
        cents += 250
    if not enabled("exact_cents", user) and cents % 10:
        cents += 10 - cents % 10
    return cents


def notes(basket, user):
    """What we tell the customer about the basket."""
    lines = []
    if enabled("exact_cents", user) or not basket:
        lines.append("exact to the cent" if basket else "empty")
    if not (enabled("new_basket", user) and enabled("gift_wrap", user)):
        lines.append("no gift wrap")
    return lines


def _sum(basket):
    return sum(cents * count for cents, count in basket)


def _old_sum(basket):
    cents = 0
    for line in basket:
        cents += _old_line(line)
    return cents


def _old_line(line):
    return max(line[0], 0) * line[1]
