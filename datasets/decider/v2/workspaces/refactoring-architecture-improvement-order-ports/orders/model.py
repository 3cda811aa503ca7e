"""An order."""
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Order:
    number: int | None
    customer: str
    placed: date
    state: str = "open"
