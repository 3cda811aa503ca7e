"""What other programs read."""
import json
from datetime import timezone
from email.utils import format_datetime, parsedate_to_datetime


def header(when):
    """For Last-Modified, in the form our clients know."""
    return format_datetime(when)


def changed_since(text, trips):
    """Trips that started or ended after the time of a header."""
    since = parsedate_to_datetime(text)
    if since.tzinfo:
        since = since.astimezone(timezone.utc).replace(tzinfo=None)
    return [t for t in trips if max(t.start, t.end or t.start) > since]


def to_json(trips):
    return json.dumps([vars(t) for t in trips], default=str)


def title(trip):
    return f"{trip.car} since {trip.start}"
