"""Sales as the tills send them."""
import csv
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sale:
    number: str
    at: datetime  # UTC
    cents: int


def read(path):
    with open(path, newline="") as file:
        return [Sale(row["number"], datetime.fromisoformat(row["at"].replace("Z", "+00:00")), round(float(row["amount"]) * 100))
                for row in csv.DictReader(file)]
