"""Invoices."""
from datetime import date, datetime, time, timedelta

from fleet import clock


def month(when):
    return f"{when:%Y-%m}"


def hours(trips):
    """{month: hours} by the start of trips that have ended."""
    found = {}
    for trip in trips:
        if trip.end:
            key = month(trip.start)
            found[key] = found.get(key, 0) + (trip.end - trip.start) / timedelta(hours=1)
    return found


def due(when):
    """The beginning of the next month."""
    return datetime(when.year + when.month // 12, when.month % 12 + 1, 1)


def overdue(day):
    """Whole days since the end of an invoice's day "YYYY-MM-DD"; 0 before."""
    end = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time())
    return max((clock.now() - end).days, 0)


def number(when):
    """The number of an invoice: days since 2020 and the minute of the day."""
    since = when - datetime(2020, 1, 1)
    return f"{since.days}-{when.hour * 60 + when.minute:04}"
