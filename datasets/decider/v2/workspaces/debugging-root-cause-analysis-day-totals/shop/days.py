"""Totals of whole local days."""
from datetime import datetime, time, timedelta

from shop.clock import from_local


def bounds(day):
    """First moment of a local day, and the first one after it, in UTC."""
    start = from_local(datetime.combine(day, time()))
    end = start + timedelta(days=1)
    return start, end


def total(sales, day):
    """Cents sold on a local day; a sale that was sent twice counts once."""
    start, end = bounds(day)
    seen = {}
    for sale in sales:
        if start <= sale.at < end:
            seen[sale.number] = sale.cents
    return sum(seen.values())
