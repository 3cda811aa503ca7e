import pathlib
import random
import sqlite3
import unittest

from report import open_balances

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, void INTEGER NOT NULL DEFAULT 0);
CREATE TABLE invoice_line (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoice, amount_cents INTEGER NOT NULL);
CREATE TABLE payment (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoice, amount_cents INTEGER NOT NULL);
"""


def database(customers, invoices, lines, payments):
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    connection.executemany("INSERT INTO customer VALUES (?, ?)", customers)
    connection.executemany("INSERT INTO invoice VALUES (?, ?, ?)", invoices)
    connection.executemany("INSERT INTO invoice_line (invoice_id, amount_cents) VALUES (?, ?)", lines)
    connection.executemany("INSERT INTO payment (invoice_id, amount_cents) VALUES (?, ?)", payments)
    return connection


def expected(customers, invoices, lines, payments):
    rows = []
    for cid, name in customers:
        mine = {i for i, c, void in invoices if c == cid and not void}
        total = sum(a for i, a in lines if i in mine) - sum(a for i, a in payments if i in mine)
        rows.append((-total, name, cid))
    return [(name, -negative) for negative, name, _ in sorted(rows)]


class BalanceTest(unittest.TestCase):
    def check(self, *tables):
        self.assertEqual(open_balances(database(*tables)), expected(*tables))

    def test_fan_out(self):
        self.check([(1, "Ada")], [(1, 1, 0)], [(1, 100), (1, 100), (1, 50)], [(1, 30), (1, 30)])

    def test_no_invoice_and_only_void(self):
        self.check([(1, "Ada"), (2, "Bo")], [(1, 2, 1)], [(1, 500)], [(1, 20)])

    def test_deposit_and_unpaid(self):
        self.check([(1, "Ada"), (2, "Bo")], [(1, 1, 0), (2, 2, 0)], [(2, 70)], [(1, 500)])

    def test_same_name(self):
        self.check([(3, "Ada"), (1, "Ada"), (2, "Bo")], [(1, 1, 0), (2, 3, 0)], [(1, 5), (2, 5)], [])

    def test_random(self):
        rnd = random.Random(5)
        for _ in range(60):
            customers = [(i, rnd.choice("ABC")) for i in range(1, 7)]
            invoices = [(i, rnd.randint(1, 6), int(rnd.random() < .3)) for i in range(1, 10)]
            rows = lambda n: [(rnd.randint(1, 9), rnd.choice((10, 20, 30))) for _ in range(n)]
            self.check(customers, invoices, rows(14), rows(12))

    def test_one_statement_files_kept(self):
        text = pathlib.Path("balance.sql").read_text().strip().rstrip(";")
        self.assertNotIn(";", text)
        self.assertEqual(pathlib.Path("schema.sql").read_text().strip(), SCHEMA.strip())
        cursor = database([], [], [], []).execute(text)
        self.assertEqual([c[0] for c in cursor.description], ["customer", "balance_cents"])


if __name__ == "__main__":
    unittest.main()
