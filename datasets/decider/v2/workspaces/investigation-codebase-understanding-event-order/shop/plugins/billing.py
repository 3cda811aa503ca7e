from shop import settings
from shop.bus import STOP


def charge(bus, order, **_):
    if order["kind"] == "trade" and order["total"] <= settings.TRADE_CREDIT_LIMIT:
        bus.emit("billing.deferred", order=order)
        return STOP
    bus.emit("billing.charged", urgent=True, order=order)


def invoice(bus, order, **_):
    if not order.get("backordered"):
        bus.emit("order.closed", order=order)


def install(bus):
    bus.on("order.reserved", charge, priority=40)
    bus.on("billing.*", invoice)
