from warehouse import alarms, buying, events, store  # the imports register the hooks


def availability(con, part_id):
    return store.one(con, "free_stock", part_id, "part_id")


def reserve(con, part_id, qty):
    free = availability(con, part_id)[1]
    if free < qty:
        events.publish(con, "stock.short", part_id=part_id, missing=qty - free)
        return None
    return con.execute("INSERT INTO reservations(part_id, qty, state) VALUES (?, ?, 'open')", (part_id, qty)).lastrowid


def pick(con, reservation_id, bin_id):
    reservation = store.one(con, "reservations", reservation_id)
    store.move(con, bin_id, -reservation[2], "pick")
    store.set_state(con, "reservations", reservation_id, "picked")


def receive(con, order_id, bin_id):
    order = store.one(con, "purchase_orders", order_id)
    store.move(con, bin_id, order[3], "receive")
    store.set_state(con, "purchase_orders", order_id, "received")
    events.publish(con, "order.received", order_id=order_id)


def discontinue(con, part_id):
    con.execute("UPDATE parts SET discontinued = 1 WHERE id = ?", (part_id,))
    events.publish(con, "_part.gone", part_id=part_id)
