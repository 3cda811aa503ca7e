"""What is in the warehouse."""
from depot import billing, mail, shelf

LEVELS = {}
WAITING = {}


def receive(sku, count):
    """Goods arrive; customers who wait are served first. Returns how many are left on the shelf."""
    LEVELS[sku] = LEVELS.get(sku, 0) + count
    served = []
    while WAITING.get(sku) and LEVELS[sku] >= WAITING[sku][0][1]:
        customer, wanted = WAITING[sku].pop(0)
        LEVELS[sku] -= wanted
        billing.invoice(customer, sku, wanted)
        served.append(customer)
    if served:
        mail.arrived(sku, served)
    shelf.label(sku, LEVELS[sku])
    return LEVELS[sku]


def order(customer, sku, count):
    """True if the goods go out at once; otherwise the customer waits."""
    if LEVELS.get(sku, 0) < count or WAITING.get(sku):
        WAITING.setdefault(sku, []).append((customer, count))
        mail.waiting(customer, sku, sum(n for _, n in WAITING[sku]))
        return False
    LEVELS[sku] -= count
    billing.invoice(customer, sku, count)
    shelf.label(sku, LEVELS[sku])
    return True


def cancel(customer):
    """Forget what the customer waits for; whoever waits behind may be served now."""
    for sku in sorted(WAITING):
        WAITING[sku] = [entry for entry in WAITING[sku] if entry[0] != customer]
        if LEVELS.get(sku):
            receive(sku, 0)
