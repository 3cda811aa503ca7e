"""Choosing scales from the data."""

from collections.abc import Sequence

import altair as alt

_WIDE = 10.0


def spans_decades(values: Sequence[float]) -> bool:
    """Whether values need a logarithmic scale: all positive, the greatest ten times the least or more."""
    return bool(values) and min(values) > 0 and max(values) / min(values) >= _WIDE


def amount_scale(values: Sequence[float], *, room: float = 0.05) -> alt.Scale:
    """A scale of amounts: logarithmic where `spans_decades`, else from 0.

    `room` is what is left free at its upper end, as a share of what the values span.
    """
    if not values:
        return alt.Scale()
    low, high = min(values), max(values)
    if not spans_decades(values):
        return alt.Scale(domain=[0, high * (1 + room) or 1], nice=False)
    span = high / low
    return alt.Scale(type="log", domain=[low / span**0.05, high * span**room], nice=False)
