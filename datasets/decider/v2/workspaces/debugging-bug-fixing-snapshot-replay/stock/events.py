"""What can happen to an article's stock."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """kind is 'received', 'reserved', 'released' or 'shipped'; order is None for 'received'."""
    kind: str
    sku: str
    qty: int
    order: str | None = None
