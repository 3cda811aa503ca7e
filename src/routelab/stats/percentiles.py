"""Percentiles of measured values."""

from collections.abc import Sequence
from math import ceil


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile: the smallest value that at least `share` of `values` do not exceed.

    Always one of the values; None where there are none. Raises ValueError for a share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must lie in (0, 1], not {share}")
    if not values:
        return None
    # Rounding first: 0.95 * 20 is 19.000000000000004 in some orders of evaluation.
    rank = max(1, ceil(round(share * len(values), 9)))
    return sorted(values)[rank - 1]
