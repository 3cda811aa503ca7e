"""Columns that several views show in the same way."""

from collections.abc import Callable
from typing import Any

from routelab.report import words
from routelab.report.views.grid import Column


def text(heading: str, name: str) -> Column:
    """A text as it is; a dash where it is null."""
    return Column(heading, lambda row: words.UNKNOWN if row[name] is None else str(row[name]))


def number(heading: str, name: str, write: Callable[[Any], str] = lambda value: f"{value:,}") -> Column:
    """A number, on the right; a dash where it is null."""
    return Column(heading, lambda row: words.UNKNOWN if row[name] is None else write(row[name]), "right")


ACCURACY = number("Accuracy", "accuracy", words.percent)
INTERVAL = Column("Interval", lambda row: words.interval(row["accuracy_low"], row["accuracy_high"]), "right")
EVIDENCE = text("Evidence", "evidence")
CASES = number("Cases", "cases")
COST = number("USD per 1,000", "avg_cost_usd", words.usd_per_thousand)
P50 = number("p50", "p50_latency_ms", words.milliseconds)
P95 = number("p95", "p95_latency_ms", words.milliseconds)
