"""Confidence intervals of shares."""

from math import sqrt
from statistics import NormalDist


def wilson(successes: float, trials: int, *, confidence: float = 0.95) -> tuple[float, float] | tuple[None, None]:
    """The two-sided Wilson score interval of a binomial share, as (low, high).

    `successes` may be fractional: a case's score is the mean of its repetitions, and the trials
    are the cases. No trials give (None, None): such an interval cannot be estimated.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    JASA 22, equation for the score interval without continuity correction.

    Raises ValueError when successes lie outside 0..trials, or confidence outside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    if trials < 0 or not 0 <= successes <= trials:
        raise ValueError(f"successes must lie between 0 and trials, not {successes} of {trials}")
    if trials == 0:
        return None, None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / shrink
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high
