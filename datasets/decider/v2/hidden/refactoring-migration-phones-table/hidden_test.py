import pathlib
import random
import shutil
import sqlite3
import tempfile
import unittest

from migrate import migrate

PHONES = ["030 1; 0171 2;;030 1", "", " ; ", "7", "b;a;b;c", "1;2;3;4;5;6;7;8;9;10;11;12", " 5 5 ;5 5;55", ";x", "x;"]


def split(text):
    return list(dict.fromkeys(p.strip() for p in text.split(";") if p.strip()))


class MigrationTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.database = self.folder + "/shop.db"
        rnd = random.Random(2)
        phones = PHONES + [";".join(rnd.choice(["", " a", "b ", "c", "d", "30"]) for _ in range(rnd.randint(0, 7))) for _ in range(60)]
        self.customers = [(3 * i + 5, "N%d" % (i % 7), None if i % 3 else "m%d@example.org" % i, p) for i, p in enumerate(phones)]
        self.orders = [(i, self.customers[i % len(self.customers)][0], 100 + i) for i in range(1, 200)]
        pathlib.Path(self.folder, "old").mkdir()
        shutil.copy("_hidden/0001_start.sql", self.folder + "/old/0001_start.sql")
        migrate(self.database, self.folder + "/old")
        with sqlite3.connect(self.database) as c:
            c.executemany("INSERT INTO customer VALUES (?, ?, ?, ?)", self.customers)
            c.executemany("INSERT INTO orders VALUES (?, ?, ?)", self.orders)
            c.execute("INSERT INTO change_log (text) VALUES ('before')")
        c.close()
        self.assertEqual(migrate(self.database), ["0002_phone_table.sql"])
        self.c = sqlite3.connect(self.database)
        self.c.execute("PRAGMA foreign_keys = ON")
        self.addCleanup(self.c.close)

    def rows(self, query):
        return [tuple(r) for r in self.c.execute(query)]

    def test_data(self):
        self.assertEqual(self.rows("SELECT * FROM phone ORDER BY customer_id, position"),
                         [(c[0], n, p) for c in self.customers for n, p in enumerate(split(c[3]), 1)])
        self.assertEqual(self.rows("SELECT * FROM customer ORDER BY id"), [c[:3] for c in self.customers])
        self.assertEqual(self.rows("SELECT * FROM orders ORDER BY id"), self.orders)
        self.assertEqual(self.rows("SELECT text FROM change_log"), [("before",)])
        self.assertEqual(self.rows("SELECT id, name, email, phones FROM contact ORDER BY id"), [c[:3] + (";".join(split(c[3])),) for c in self.customers])
        self.assertEqual(self.rows("PRAGMA foreign_key_check"), [])

    def test_schema(self):
        columns = lambda t: [(r[1], r[3] or r[5] > 0, r[5]) for r in self.c.execute(f"PRAGMA table_info({t})")]
        self.assertEqual([c[0] for c in columns("customer")], ["id", "name", "email"])
        self.assertEqual([c[0] for c in columns("contact")], ["id", "name", "email", "phones"])
        self.assertEqual([(c[0], c[2]) for c in columns("phone")], [("customer_id", 1), ("position", 2), ("number", 0)])
        names = {(r[0], r[1]) for r in self.c.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}
        self.assertEqual(names & {("index", "customer_name"), ("trigger", "customer_renamed"), ("trigger", "customer_phones")},
                         {("index", "customer_name"), ("trigger", "customer_renamed")})
        self.assertEqual({n for t, n in names if t == "table"}, {"customer", "orders", "change_log", "phone"})
        with self.assertRaises(sqlite3.IntegrityError):
            self.c.execute("INSERT INTO phone VALUES (5, 99, '030 1')")
        with self.assertRaises(sqlite3.IntegrityError):
            self.c.execute("INSERT INTO customer (id, email) VALUES (900, 'x')")

    def test_life_goes_on(self):
        self.c.execute("INSERT INTO phone VALUES (5, 3, '112')")
        self.c.execute("UPDATE phone SET position = 0 WHERE customer_id = 5 AND number = '112'")
        self.assertEqual(self.rows("SELECT phones FROM contact WHERE id = 5"), [("112;030 1;0171 2",)])
        self.c.execute("UPDATE customer SET name = 'New' WHERE id = 5")
        self.assertEqual(self.rows("SELECT text FROM change_log"), [("before",), ("N0 is now New",)])
        self.c.execute("DELETE FROM customer WHERE id = 5")
        self.assertEqual(self.rows("SELECT count(*) FROM phone WHERE customer_id = 5") + self.rows("SELECT count(*) FROM orders WHERE customer_id = 5"), [(0,), (0,)])

    def test_empty_database(self):
        self.assertEqual(migrate(self.folder + "/new.db"), ["0001_start.sql", "0002_phone_table.sql"])
        self.assertEqual(pathlib.Path("migrations/0001_start.sql").read_text(), pathlib.Path("_hidden/0001_start.sql").read_text())


if __name__ == "__main__":
    unittest.main()
