"""Merging sorted items."""
import heapq


def merge(sources):
    """One iterator over the items of several, the newest source first; of a key that is in more than one the newest counts."""
    last = object()
    for key, value in heapq.merge(*sources):
        if key != last:
            yield key, value
        last = key
