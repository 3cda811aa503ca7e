"""Orders as JSON."""
import json

from models import Order

SCHEMA_VERSION = 3


def to_json(order):
    return json.dumps({"version": SCHEMA_VERSION, "number": order.number, "customer": order.customer,
                       "lines": order.lines, "total_cents": order.total_cents()}, sort_keys=True)


def from_json(text):
    data = json.loads(text)
    if data["version"] != SCHEMA_VERSION:
        raise ValueError(f"schema version {data['version']}")
    return Order(data["number"], data["customer"], [tuple(line) for line in data["lines"]])
