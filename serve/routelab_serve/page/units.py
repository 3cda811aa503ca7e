"""Numbers as people read them."""

from datetime import timedelta

UNKNOWN = "unknown"


def percent(value: float | None) -> str:
    """A share (0 to 1) as a percentage with at most one decimal."""
    return UNKNOWN if value is None else f"{value * 100:.1f}".removesuffix(".0") + "%"


def share(part: float, whole: float) -> str:
    """A part of a whole as a percentage that is 0% or 100% only where it is exactly that."""
    if not whole or not part:
        return "0%"
    value = part / whole
    if value < 0.001:
        return "under 0.1%"
    return "over 99.9%" if 0.999 < value < 1 else percent(value)


def number(value: float) -> str:
    """A count, rounded to a whole one."""
    return f"{value:,.0f}"


def milliseconds(value: float | None) -> str:
    """A time: from a second on in seconds, below a millisecond in microseconds."""
    if value is None:
        return UNKNOWN
    if value >= 999.5:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 9.95 else f"{value:.1f} ms" if value >= 1 else f"{value * 1000:.0f} µs"


def age(value: timedelta) -> str:
    """How long ago, in the largest unit that gives at least 2, else the next smaller."""
    seconds = max(0, int(value.total_seconds()))
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} seconds ago" if seconds != 1 else "1 second ago"
