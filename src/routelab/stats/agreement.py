"""Agreement of labellers."""

from collections import Counter
from collections.abc import Hashable, Sequence


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal labels: 1 is perfect agreement, 0 what chance would give.

    Each unit holds the labels its labellers gave; units with fewer than two labels say nothing.
    None where agreement cannot be estimated: no unit with two labels, or only one label in use.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", nominal data,
    alpha = 1 - observed / expected disagreement over the pairable values.
    """
    paired = [unit for unit in units if len(unit) > 1]
    totals = Counter(label for unit in paired for label in unit)
    values = totals.total()
    expected = values * values - sum(count * count for count in totals.values())
    if expected == 0:
        return None
    observed = 0.0
    for unit in paired:
        counts = Counter(unit)
        disagreeing = len(unit) * len(unit) - sum(count * count for count in counts.values())
        observed += disagreeing / (len(unit) - 1)
    return 1.0 - (values - 1) * observed / expected
