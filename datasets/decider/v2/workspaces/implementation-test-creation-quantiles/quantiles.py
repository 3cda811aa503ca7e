"""Quantiles of measured values."""
import math


def quantile(values, share):
    """The value below which a share of the values lies, `share` from 0 to 1, both included.

    The sorted values stand at the places 0 to n - 1; the result is the value at the place share * (n - 1), in a straight line between
    its neighbours where that is no whole number. `values` may be any iterable, also one that can be read only once; a list
    stays as it is. ValueError if there are no values, if one of them is NaN, or if the share is out of range or NaN.
    """
    if not 0 <= share <= 1:
        raise ValueError("share")
    ordered = sorted(values)
    if not ordered or any(math.isnan(value) for value in ordered):
        raise ValueError("values")
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values):
    """The quantile of one half."""
    return quantile(values, 0.5)


def spread(values):
    """The distance between the quantiles of a quarter and of three quarters."""
    values = list(values)
    return quantile(values, 0.75) - quantile(values, 0.25)
