"""Placing the names of points so that they do not cover each other."""

from collections.abc import Sequence
from math import log10

_WIDTH, _HEIGHT = 0.2, 0.045
"""Room of a name as shares of the plot."""


def label_heights(costs: Sequence[float], accuracies: Sequence[float], *, is_log: bool) -> list[float]:
    """Where the name of each point stands on the accuracy axis.

    Beside its point, or as far below it as the names of better points need room.
    """
    across = _shares(costs, is_log=is_log)
    placed: list[tuple[float, float]] = []
    heights = list(accuracies)
    for index in sorted(range(len(heights)), key=lambda index: -accuracies[index]):
        for taken_x, taken_y in sorted(placed, key=lambda place: -place[1]):
            if abs(across[index] - taken_x) < _WIDTH and abs(heights[index] - taken_y) < _HEIGHT:
                heights[index] = taken_y - _HEIGHT
        placed.append((across[index], heights[index]))
    return heights


def _shares(costs: Sequence[float], *, is_log: bool) -> list[float]:
    """Costs as places between 0 (the least) and 1 (the most)."""
    values = [log10(cost) if is_log else cost for cost in costs]
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / ((high - low) or 1.0) for value in values]
