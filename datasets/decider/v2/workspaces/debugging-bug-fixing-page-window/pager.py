"""Split a result list into numbered pages."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    number: int
    total_pages: int
    total_items: int
    items: list
    first_item: int
    last_item: int


def paginate(items, number, size):
    """Return page `number` (the first page is 1) with at most `size` items.

    `first_item` and `last_item` are the 1-based positions of the first and the last item
    on the page; both are 0 when there are no items at all. An empty list has exactly one
    page, which is empty. Raises ValueError when size is below 1 and IndexError when the
    page does not exist.
    """
    if size < 1:
        raise ValueError("size must be at least 1")
    total_pages = len(items) // size + 1
    if number < 1 or number > total_pages:
        raise IndexError(f"no page {number}")
    start = (number - 1) * size
    return Page(number, total_pages, len(items), items[start:start + size], start + 1, start + size)


def label(page):
    """'21-23 of 23', or 'nothing found' when there are no items."""
    return f"{page.first_item}-{page.last_item} of {page.total_items}"
