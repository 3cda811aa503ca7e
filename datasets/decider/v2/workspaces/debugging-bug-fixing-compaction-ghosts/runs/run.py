"""A sorted run: keys and values that never change."""
from bisect import bisect_left

GONE = None  # the value that marks a deleted key


class Run:
    def __init__(self, items):
        """Items are (key, value) with keys in strictly rising order; the value of a deleted key is GONE."""
        self.keys = [key for key, _ in items]
        self.values = [value for _, value in items]

    def __len__(self):
        return len(self.keys)

    def get(self, key):
        """(True, value) or (False, GONE)."""
        at = bisect_left(self.keys, key)
        if at < len(self.keys) and self.keys[at] == key:
            return True, self.values[at]
        return False, GONE

    def between(self, start, end):
        """The items with start <= key < end; None for no limit."""
        at = 0 if start is None else bisect_left(self.keys, start)
        while at < len(self.keys) and (end is None or self.keys[at] <= end):
            yield self.keys[at], self.values[at]
            at += 1
