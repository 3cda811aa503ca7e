def record(bus, **data):
    bus.trail = getattr(bus, "trail", []) + [sorted(data)]


def flag(bus, order, **_):
    if order["total"] > 400:
        bus.emit("order.flagged", order=order)


def install(bus):
    bus.on("order.*", record, priority=90)
    bus.on("order.placed", flag)
