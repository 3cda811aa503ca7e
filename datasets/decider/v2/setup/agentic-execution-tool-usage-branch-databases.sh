python3 - <<'EOF'
import sqlite3
def build(name, customers, tags, orders, lines, notes):
    con = sqlite3.connect(name)
    con.executescript("""CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT, name TEXT, updated_at TEXT); CREATE TABLE tags(customer_id INTEGER, tag TEXT);
    CREATE TABLE orders(id INTEGER PRIMARY KEY, ref TEXT UNIQUE, customer_id INTEGER, revision INTEGER, placed_at TEXT); CREATE TABLE order_lines(order_id INTEGER, pos INTEGER, sku TEXT, qty INTEGER);
    CREATE TABLE notes(id INTEGER PRIMARY KEY, customer_id INTEGER, body TEXT, created_at TEXT);""")
    for t, rows in (("customers", customers), ("tags", tags), ("orders", orders), ("order_lines", lines), ("notes", notes)):
        for r in rows: con.execute("INSERT INTO %s VALUES(%s)" % (t, ",".join("?" * len(r))), r)
    con.commit(); con.close()
build("north.db",
 [(1, "zoe@example.invalid", "Zoe", "2031-02-01T10:00:00Z"), (2, " Ann@Example.invalid", "Ann N.", "2031-02-01T09:30:00Z"), (3, "bert@example.invalid", "Bert", "2031-01-01T00:00:00Z"),
  (7, "BERT@example.invalid ", "Bert the second", "2030-12-31T23:59:59Z"), (9, "carl@example.invalid", "Carl", "2031-03-01T12:00:00Z")],
 [(1, "VIP"), (2, "vip"), (2, "Wholesale"), (3, "late"), (7, "Late"), (9, "new")],
 [(10, "R-100", 1, 2, "2031-02-02T08:00:00Z"), (11, "R-9", 7, 1, "2031-02-03T08:00:00Z"), (12, "R-101", 5, 4, "2031-02-04T08:00:00Z"), (13, "R-102", 9, 1, "2031-02-05T08:00:00Z"), (14, "R-103", 3, 3, "2031-02-06T08:00:00Z")],
 [(10, 1, "A", 2), (10, 2, "B", 0), (10, 5, "C", 1), (11, 2, "D", 4), (11, 1, "E", 1), (12, 1, "F", 1), (13, 1, "G", 0), (14, 1, "H", 5)],
 [(1, 1, "called", "2031-02-01T22:30:00Z"), (2, 2, "wants invoice", "2031-02-02T10:00:00Z"), (3, 5, "who is this", "2031-02-02T11:00:00Z"), (4, 7, "moved", "2031-02-02T12:00:00Z"), (5, 3, "moved", "2031-02-02T12:00:00Z")])
build("south.db",
 [(1, "ann@example.invalid", "Ann S.", "2031-02-01 11:00:00+02:00"), (2, "dora@example.invalid", "Dora", "2031-02-01 11:00:00+02:00"), (3, "Zoe@Example.invalid", "Zoe S.", "2031-02-01 12:00:00+02:00"),
  (4, "carl@example.invalid", "Carl S.", "2031-03-01 13:30:00+01:00"), (5, "edith@example.invalid", "Edith", "2031-02-01 01:00:00+02:00")],
 [(1, "VIP"), (1, "Retail"), (2, "NEW"), (4, "New"), (5, "late")],
 [(10, "R-100", 1, 2, "2031-02-02 10:00:00+02:00"), (11, "R-101", 2, 1, "2031-02-04 00:15:00+02:00"), (12, "R-103", 5, 4, "2031-02-06 23:30:00-03:00"), (13, "R-104", 8, 1, "2031-02-06 10:00:00+02:00"), (14, "R-105", 3, 1, "2031-03-01 00:30:00+02:00")],
 [(10, 1, "X", 9), (11, 3, "F", 2), (11, 7, "K", 3), (12, 1, "H", 0), (12, 2, "L", 6), (13, 1, "M", 1)],
 [(1, 3, "called", "2031-02-02 00:30:00+02:00"), (2, 2, "wants invoice", "2031-02-02 12:00:00+02:00"), (3, 5, "asked for a price", "2031-02-01 23:00:00-03:00"), (4, 9, "lost", "2031-02-01 23:00:00+02:00"), (5, 1, "Wants invoice", "2031-02-02 12:00:00+02:00")])
EOF
