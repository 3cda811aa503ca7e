import sqlite3
import unittest

EXPECTED = {
    'customers': [
        (1, 'ann@example.invalid', 'Ann N.', '2031-02-01T09:30:00Z'),
        (2, 'bert@example.invalid', 'Bert', '2031-01-01T00:00:00Z'),
        (3, 'carl@example.invalid', 'Carl S.', '2031-03-01T12:30:00Z'),
        (4, 'dora@example.invalid', 'Dora', '2031-02-01T09:00:00Z'),
        (5, 'edith@example.invalid', 'Edith', '2031-01-31T23:00:00Z'),
        (6, 'zoe@example.invalid', 'Zoe', '2031-02-01T10:00:00Z'),
    ],
    'tags': [
        (1, 'retail'),
        (1, 'vip'),
        (1, 'wholesale'),
        (2, 'late'),
        (3, 'new'),
        (4, 'new'),
        (5, 'late'),
        (6, 'vip'),
    ],
    'orders': [
        (1, 'R-100', 6, 2, '2031-02-02T08:00:00Z'),
        (2, 'R-101', 4, 1, '2031-02-03T22:15:00Z'),
        (3, 'R-102', 3, 1, '2031-02-05T08:00:00Z'),
        (4, 'R-103', 5, 4, '2031-02-07T02:30:00Z'),
        (5, 'R-105', 6, 1, '2031-02-28T22:30:00Z'),
        (6, 'R-9', 2, 1, '2031-02-03T08:00:00Z'),
    ],
    'order_lines': [
        (1, 1, 'A', 2),
        (1, 2, 'C', 1),
        (2, 1, 'F', 2),
        (2, 2, 'K', 3),
        (4, 1, 'L', 6),
        (6, 1, 'E', 1),
        (6, 2, 'D', 4),
    ],
    'notes': [
        (1, 6, 'called', '2031-02-01T22:30:00Z'),
        (2, 5, 'asked for a price', '2031-02-02T02:00:00Z'),
        (3, 1, 'Wants invoice', '2031-02-02T10:00:00Z'),
        (4, 1, 'wants invoice', '2031-02-02T10:00:00Z'),
        (5, 4, 'wants invoice', '2031-02-02T10:00:00Z'),
        (6, 2, 'moved', '2031-02-02T12:00:00Z'),
    ],
    'rejects': [
        ('north', 'notes', 3),
        ('north', 'orders', 12),
        ('south', 'notes', 4),
        ('south', 'orders', 13),
    ],
}


class MergeTest(unittest.TestCase):
    def setUp(self):
        self.con = sqlite3.connect("file:merged.db?mode=ro", uri=True)
        self.addCleanup(self.con.close)

    def test_rows(self):
        for table, rows in EXPECTED.items():
            with self.subTest(table=table):
                self.assertEqual(sorted(self.con.execute("SELECT * FROM " + table).fetchall()), sorted(rows))

    def test_integrity(self):
        self.assertEqual(self.con.execute("PRAGMA foreign_key_check").fetchall(), [])
        self.assertEqual(self.con.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        tables = self.con.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").fetchall()
        self.assertEqual([t for t, in tables], sorted(EXPECTED))
        keys = self.con.execute("PRAGMA foreign_key_list(order_lines)").fetchall()
        self.assertEqual([k[2] for k in keys], ["orders"])
