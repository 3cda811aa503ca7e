"""Pages of orders."""


def order_page(db, order):
    head = db.execute("SELECT customer, day FROM purchase WHERE id = ?", (order,)).fetchone()
    if head is None:
        raise KeyError(order)
    lines, total = [], 0
    for article, count in db.execute("SELECT article, count FROM line WHERE purchase = ? ORDER BY rowid", (order,)).fetchall():
        found = db.execute("SELECT name, cents FROM article WHERE number = ?", (article,)).fetchone()
        name, cents = found or ("(gone)", 0)
        lines.append((name, count, cents * count))
        total += cents * count
    customer = db.execute("SELECT name FROM customer WHERE id = ?", (head[0],)).fetchone()
    return {"customer": customer[0] if customer else None, "day": head[1], "lines": lines, "total": total}


def customer_orders(db, customer):
    """(order, day, total) of all orders of a customer, the newest first; orders without lines have total 0."""
    found = []
    for order, day in db.execute("SELECT id, day FROM purchase WHERE customer = ? ORDER BY day DESC, id DESC", (customer,)).fetchall():
        total = 0
        for article, count in db.execute("SELECT article, count FROM line WHERE purchase = ?", (order,)).fetchall():
            cents = db.execute("SELECT cents FROM article WHERE number = ?", (article,)).fetchone()
            total += cents[0] * count if cents else 0
        found.append((order, day, total))
    return found
