import pathlib
import random
import sqlite3
import unittest
from datetime import date, timedelta

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, day TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE line (order_id INTEGER NOT NULL REFERENCES orders, quantity INTEGER NOT NULL, cents INTEGER NOT NULL);
"""


def expected(customers, orders, lines):
    rows = []
    for cid, name, active in customers:
        mine = []
        for oid, owner, day, state in orders:
            amounts = [q * c for o, q, c in lines if o == oid]
            if owner == cid and state == "paid" and amounts:
                mine.append((day, oid, sum(amounts)))
        mine.sort()
        if not mine and not active:
            continue
        days = [date.fromisoformat(d) for d, _, _ in mine]
        gap = max(((b - a).days for a, b in zip(days, days[1:])), default=None)
        total, gold = 0, None
        for day, _, cents in mine:
            total += cents
            if total >= 100000 and gold is None:
                gold = day
        rows.append((-total, name, cid, (name, len(mine), total, gap, gold)))
    return [r[3] for r in sorted(rows, key=lambda r: r[:3])]


class ReportTest(unittest.TestCase):
    def check(self, customers, orders, lines):
        c = sqlite3.connect(":memory:")
        c.executescript(SCHEMA)
        c.executemany("INSERT INTO customer VALUES (?, ?, ?)", customers)
        c.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", orders)
        c.executemany("INSERT INTO line VALUES (?, ?, ?)", lines)
        cursor = c.execute(pathlib.Path("report.sql").read_text())
        self.assertEqual([d[0] for d in cursor.description], ["customer", "orders", "cents", "longest_gap_days", "gold_since"])
        got = [tuple(r) for r in cursor]
        self.assertEqual(got, expected(customers, orders, lines))
        self.assertTrue(all(type(v) is not float for row in got for v in row), got)

    def test_gold_falls_again(self):
        self.check([(1, "Ada", 1)], [(1, 1, "2024-02-27", "paid"), (2, 1, "2024-03-01", "paid"), (3, 1, "2024-03-02", "paid"), (4, 1, "2024-04-01", "paid")],
                   [(1, 1, 60000), (2, 2, 20000), (3, 1, -50000), (4, 5, 20000)])

    def test_same_day_and_limits(self):
        self.check([(1, "Ada", 0), (2, "Ada", 1), (3, "Bo", 0), (4, "Cy", 1)],
                   [(9, 1, "2024-01-05", "paid"), (4, 1, "2024-01-05", "paid"), (5, 1, "2023-12-31", "open"), (6, 3, "2024-01-01", "paid"), (7, 4, "2024-01-01", "void")],
                   [(9, 1, 99999), (4, 1, 1), (5, 1, 5), (7, 1, 7)])

    def test_random(self):
        rnd = random.Random(6)
        for _ in range(80):
            customers = [(i, rnd.choice("ABC"), rnd.randint(0, 1)) for i in range(1, 8)]
            orders = [(i, rnd.randint(1, 7), str(date(2024, 2, 20) + timedelta(rnd.randint(0, 40))), rnd.choice(["paid", "paid", "paid", "open", "void"])) for i in rnd.sample(range(1, 99), 22)]
            lines = [(rnd.choice(orders)[0], rnd.randint(0, 3), rnd.choice([-30000, 100, 25000, 50000, 40000])) for _ in range(34)]
            self.check(customers, orders, lines)


if __name__ == "__main__":
    unittest.main()
