"""Local time of the shop: Central European Time."""
from datetime import datetime, timedelta, timezone

UTC = timezone.utc


def _last_sunday(year, month):
    """01:00 UTC of the last Sunday of the month (March or October: 31 days)."""
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


def offset(moment):
    """How far local time is ahead of UTC at this UTC time."""
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return timedelta(hours=2 if summer else 1)


def local(moment):
    """Naive local time of an aware UTC time."""
    return (moment + offset(moment)).replace(tzinfo=None)


def from_local(naive):
    """UTC time of a naive local time; the earlier one if the hour occurs twice."""
    for hours in (2, 1):
        moment = naive.replace(tzinfo=UTC) - timedelta(hours=hours)
        if offset(moment) == timedelta(hours=hours):
            return moment
    return naive.replace(tzinfo=UTC) - timedelta(hours=1)
