import importlib

from shop import settings
from shop.bus import Bus


def make_bus():
    bus = Bus()
    for name in settings.PLUGINS:
        importlib.import_module("shop.plugins." + name).install(bus)
    return bus


def place_order(bus, customer, kind, lines):
    total = sum(settings.PRICES[sku] * n for sku, n in lines.items())
    bus.emit("order.placed", order={"customer": customer, "kind": kind, "lines": lines, "total": total})
