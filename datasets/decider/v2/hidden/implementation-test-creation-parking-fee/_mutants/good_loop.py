"""Parking fees in cents."""


def fee(minutes, resident=False):
    """Fee for parking.

    Up to 15 minutes are free. Longer parking costs 150 for each hour begun (the first 15 minutes
    count then, too), at most 1200 for each 24 hours begun. Residents pay half, rounded down to whole
    cents. Negative minutes raise ValueError.
    """
    if minutes < 0:
        raise ValueError(minutes)
    total, left = 0, minutes
    while left > 0 and minutes > 15:
        total += min(1200, 150 * ((min(left, 1440) + 59) // 60))
        left -= 1440
    return total // (2 if resident else 1)
