"""Stock on hand."""

LOW = 2
ON_HAND = {"tea": 10, "cup": 3, "pot": 3}


class OutOfStock(Exception):
    pass


def take(sku, count):
    """Take pieces off the shelf; warns by mail when the article has run low."""
    from shop import mail, orders
    if ON_HAND[sku] < count:
        sold = sum(o.lines.get(sku, 0) for o in orders.history())
        raise OutOfStock(f"{sku}: {count} wanted, {ON_HAND[sku]} left, {sold} sold")
    ON_HAND[sku] -= count
    if ON_HAND[sku] <= LOW:
        mail.send(f"low stock: {sku} ({ON_HAND[sku]})")
