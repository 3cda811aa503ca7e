def confirm(bus, order, **_):
    order["confirmed"] = True


def apologise(bus, order, short, **_):
    order["apology"] = sorted(short)


def receipt(bus, order, **_):
    order["receipt"] = order["total"]


def install(bus):
    bus.on("order.placed", confirm)
    bus.on("stock.short", apologise)
    bus.on("billing.*", receipt, priority=30)
