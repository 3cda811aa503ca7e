"""Taxes and shares; amounts are cents."""
from __future__ import division

import sys

NO_LIMIT = sys.maxint


def net(gross, percent):
    return round(gross / (100 + percent) * 100)


def fee(cents, limit=NO_LIMIT):
    """2.5 percent, not more than the limit."""
    return min(round(cents / 40), limit)


def shares(cents, people):
    """A share for each; the first ones carry what is left over."""
    return [cents // people + (n < cents % people) for n in xrange(people)]
