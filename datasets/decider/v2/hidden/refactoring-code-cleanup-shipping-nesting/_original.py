"""Shipping price in cents."""


def shipping_cents(order):
    """Price of shipping an order, or None when we do not ship it.

    An order is a dict with 'country', 'grams', 'total_cents', 'express' and 'member'.
    """
    result = None
    if order["grams"] > 0:
        if order["country"] in ("DE", "AT"):
            if order["express"]:
                if order["grams"] <= 5000:
                    if order["member"]:
                        result = 790
                    else:
                        result = 990
                else:
                    result = None
            else:
                if order["total_cents"] >= 5000 or order["member"]:
                    result = 0
                else:
                    if order["grams"] <= 2000:
                        result = 390
                    else:
                        result = 590
        else:
            if order["country"] == "CH":
                if not order["express"]:
                    if order["total_cents"] > 15000:
                        result = 900
                    else:
                        result = 1400
    else:
        result = 0
    return result
