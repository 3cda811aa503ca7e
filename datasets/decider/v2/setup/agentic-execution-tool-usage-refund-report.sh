python3 - <<'EOF'
import sqlite3
con = sqlite3.connect("shop.db")
con.executescript("""
CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL, merged_into INTEGER REFERENCES customers(id));
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), placed_at TEXT NOT NULL, total_cents INTEGER NOT NULL, status TEXT NOT NULL);
CREATE TABLE refunds(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id), cents INTEGER NOT NULL, state TEXT NOT NULL);
""")
names = ["Birch Cafe", "Harbour Books", "North Mill", "Quarry Tools", "Lantern Inn", "Meadow, Farm & Co", "Old Pier", "Birch Cafe Ltd"]
con.executemany("INSERT INTO customers VALUES(?,?,?)", [(i + 1, n, {8: 1}.get(i + 1)) for i, n in enumerate(names)])
x = 12345
def rnd(n):
    global x
    x = (x * 1103515245 + 12345) % 2147483648
    return (x >> 8) % n
for i in range(1, 241):
    month = 1 + rnd(12)
    con.execute("INSERT INTO orders VALUES(?,?,?,?,?)", (i, 1 + rnd(8), "2030-%02d-%02dT%02d:15:00Z" % (month, 1 + rnd(28), rnd(24)),
                1000 + rnd(90000), ["paid", "paid", "paid", "cancelled"][rnd(4)]))
rid = 0
for i in range(1, 241):
    for _ in range([0, 0, 1, 2][rnd(4)]):
        rid += 1
        con.execute("INSERT INTO refunds VALUES(?,?,?,?)", (rid, i, 100 + rnd(5000), ["done", "done", "pending", "rejected"][rnd(4)]))
con.commit()
EOF
