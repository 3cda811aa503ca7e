def points(bus, order, **_):
    order["points"] = order["total"] // 10


def hold(bus, order, **_):
    order["on_hold"] = True


def install(bus):
    bus.on("order.reserved", points, priority=60)
    bus.on("billing.deferred", points, priority=60)
    bus.on("order.flagged", hold, priority=90)
