"""Parking fees in cents."""


def fee(minutes, resident=False):
    """Fee for parking.

    Up to 15 minutes are free. Longer parking costs 150 for each hour begun (the first 15 minutes
    count then, too), at most 1200 for each 24 hours begun. Residents pay half, rounded down to whole
    cents. Negative minutes raise ValueError.
    """
    if minutes < 0:
        raise ValueError("negative minutes")
    if minutes <= 20:
        return 0
    days, rest = divmod(minutes, 1440)
    hours = -(-rest // 60)
    total = days * 1200 + min(hours * 150, 1200)
    return total // 2 if resident else total
