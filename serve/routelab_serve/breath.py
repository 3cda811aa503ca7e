"""Long work in a thread beside an event loop, without the loop noticing."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_AT_A_STRETCH = 8
_PAUSE_S = 0.00005
T = TypeVar("T")


def in_small_bites(items: Iterable[T]) -> Iterator[T]:
    """The items, with a moment's sleep every few.

    Without it the event loop would wait 5 ms, Python's switch interval, whenever it met the thread
    at work. Giving way without sleeping is not enough: the thread would be back first.
    """
    for number, item in enumerate(items):
        if number % _AT_A_STRETCH == 0:
            time.sleep(_PAUSE_S)
        yield item
