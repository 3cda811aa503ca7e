"""Pay orders through the gateway, with retries."""
import hashlib

WAITS_S = (20, 120, 480, 900)


def key(order, part):
    """Idempotency key: the gateway charges a key only once."""
    text = "|".join((
        str(order["number"]),
        str(part),
        str(order["cents"]),
        order["address"],
        order["customer"],
    ))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def pay(gateway, orders, number, part, log, wait):
    """Charge one part of an order; tries again after a timeout, each time with the order as it is then."""
    for attempt in range(1 + len(WAITS_S)):
        if attempt:
            wait(WAITS_S[attempt - 1])
        order = orders[number]
        name = key(order, part)
        log(f"pay {number} part {part}/{order['parts']} key {name} cents {order['cents'] // order['parts']}")
        try:
            charge = gateway.charge(name, number, order["cents"] // order["parts"])
        except TimeoutError:
            log(f"timeout {number} key {name}")
            continue
        log(f"paid {number} part {part}/{order['parts']} {charge}")
        return charge
    log(f"gave up {number}")
