from warehouse import events, store


@events.hook("stock.short")
def reorder(con, part_id, missing):
    offer = store.one(con, "best_offer", part_id, "part_id")
    if offer:
        con.execute("INSERT INTO purchase_orders(supplier_id, part_id, qty, state) VALUES (?, ?, ?, 'new')", (offer[1], part_id, missing))
        events.publish(con, "_order.created", part_id=part_id)


@events.hook("_part.gone")
def cancel(con, part_id):
    for (key,) in con.execute("SELECT id FROM purchase_orders WHERE part_id = ?", (part_id,)).fetchall():
        store.set_state(con, "purchase_orders", key, "cancelled")
