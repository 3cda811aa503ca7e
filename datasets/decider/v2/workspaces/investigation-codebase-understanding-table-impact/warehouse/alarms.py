from warehouse import events


@events.hook("_order.created")
def note(con, part_id):
    con.execute("INSERT INTO alerts(text) SELECT 'reordered ' || sku FROM parts WHERE id = ?", (part_id,))
