import pathlib
import random
import re
import sqlite3
import unittest

VIEWS = ("customer_revenue", "month_revenue", "country_revenue", "big_day", "last_sale")


def without_comments(text):
    return re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.S)


def build(path):
    db = sqlite3.connect(":memory:")
    db.executescript(pathlib.Path(path).read_text())
    return db


class CleanupTest(unittest.TestCase):
    def test_same(self):
        old, new = build("_original.sql"), build("schema.sql")
        rng = random.Random(4)
        for _ in range(60):
            customers = [(n, rng.choice("ABC"), rng.choice(("DE", "AT", None, "?"))) for n in rng.sample(range(1, 9), rng.randrange(6))]
            days = rng.sample(["2025-01-31", "2025-02-01", "2025-02-02", "2024-12-31", "2025-02-28"], 3)
            sales = [(n, rng.choice([1, 2, 3, 4, 9, None]), rng.choice(days), rng.choice((0, 5, 4000, 10000, 10001, 7300)),
                      rng.choice(("paid", "cancelled", None, "open")), rng.choice(("normal", "gift", "return", "normal")),
                      rng.choice((None, 0, 5, 300, 4000))) for n in rng.sample(range(1, 40), rng.randrange(14))]
            for db in (old, new):
                db.execute("DELETE FROM customer")
                db.execute("DELETE FROM sale")
                db.executemany("INSERT INTO customer VALUES (?, ?, ?)", customers)
                db.executemany("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?)", sales)
            for view in VIEWS:
                found = []
                for db in (old, new):
                    cursor = db.execute("SELECT * FROM " + view)
                    found.append(([c[0] for c in cursor.description], sorted(cursor, key=repr)))
                self.assertEqual(found[1], found[0], (view, customers, sales))

    def test_only_views_are_added(self):
        def tables(path):
            return [row for row in build(path).execute("SELECT type, name, sql FROM sqlite_master WHERE type <> 'view' ORDER BY name")]
        self.assertEqual(tables("schema.sql"), tables("_original.sql"))
        self.assertIsNone(re.search(r"\b(insert|pragma|attach|update|delete)\b", without_comments(pathlib.Path("schema.sql").read_text()).lower()))

    def test_structure(self):
        views = {name: without_comments(sql) for name, sql in build("schema.sql").execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")}
        text = "\n".join(views.values()).lower()
        for pattern in (r"\bcase\b", r"'gift'", r"'return'", r"\brebate\b"):
            self.assertEqual(len(re.findall(pattern, text)), 1, pattern)
        self.assertEqual(sum(all(w in sql.lower() for w in ("case", "gift", "return", "rebate")) for sql in views.values()), 1)
        self.assertIsNone(re.search(r"\biif\b", text))
        for name in VIEWS:
            reads = re.findall(r"(?:\bfrom|\bjoin|,)\s+[\"\[`]?(\w+)", views[name].lower())
            self.assertNotIn("sale", [r for r in reads if r == "sale"], name)
            self.assertIsNone(re.search(r"\b(from|join)\s+[\"\[`]?sale\b", views[name].lower()), name)
        for name, sql in views.items():
            flat = " ".join(sql.lower().split())
            for start in range(len(flat) - 41):
                piece = flat[start:start + 41]
                self.assertEqual(flat.count(piece), 1, (name, piece))


if __name__ == "__main__":
    unittest.main()
