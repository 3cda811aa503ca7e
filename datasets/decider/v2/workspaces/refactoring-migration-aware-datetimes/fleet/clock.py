"""Time. All datetimes of the package are naive and mean UTC."""
import calendar
from datetime import datetime


def now():
    return datetime.utcnow()


def midnight(when):
    """The beginning of the day."""
    return when.replace(hour=0, minute=0, second=0, microsecond=0)


def from_seconds(seconds):
    return datetime.utcfromtimestamp(seconds)


def seconds(when):
    """Whole seconds since 1970."""
    return calendar.timegm(when.timetuple())
