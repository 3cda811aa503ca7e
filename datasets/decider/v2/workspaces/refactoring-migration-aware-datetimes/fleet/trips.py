"""Trips, and the file they are kept in."""
from dataclasses import dataclass
from datetime import datetime, timedelta

from fleet import clock


@dataclass
class Trip:
    car: str
    start: datetime
    end: datetime | None = None  # None: still on the way


def parse(line):
    """A line of the file: "car;2024-05-01T10:00:00;2024-05-01T11:30:00", the end may be empty."""
    car, start, end = line.strip().split(";")
    return Trip(car, datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)


def line(trip):
    return ";".join([trip.car, trip.start.isoformat(), trip.end.isoformat() if trip.end else ""])


def last_end(trips, car):
    """When the car came back last; the earliest possible time if it never did."""
    return max((t.end for t in trips if t.car == car and t.end), default=datetime.min)


def running(trips, when=None):
    """Cars on the way at that time (now)."""
    when = when or clock.now()
    return [t.car for t in trips if t.start <= when < (t.end or datetime.max)]


def days(trip):
    """The days (UTC) of the trip as "YYYY-MM-DD", up to today if it is still on the way."""
    found, day = [], clock.midnight(trip.start)
    while day <= (trip.end or clock.now()):
        found.append(str(day.date()))
        day += timedelta(days=1)
    return found
