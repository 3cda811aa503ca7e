from shop import settings


def reserve(bus, order, **_):
    short = {s: n for s, n in order["lines"].items() if settings.STOCK[s] < n}
    if short:
        bus.emit("stock.short", urgent=True, order=order, short=short)
    else:
        bus.emit("order.reserved", order=order)


def backorder(bus, order, short, **_):
    order["backordered"] = sorted(short)
    bus.emit("order.reserved", order=order)


def install(bus):
    bus.on("order.placed", reserve, priority=20)
    bus.on("stock.*", backorder)
