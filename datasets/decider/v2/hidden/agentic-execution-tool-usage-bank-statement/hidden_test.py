import json
import sqlite3
import unittest


class StatementTest(unittest.TestCase):
    def setUp(self):
        with open("result.json", encoding="utf-8") as f:
            self.found = json.load(f)

    def test_settled(self):
        self.assertEqual(self.found["settled"], [1001, 1002, 1005])

    def test_partly(self):
        self.assertEqual(self.found["differing"], {"1003": 90, "1009": 200000})

    def test_untouched(self):
        self.assertEqual(self.found["unpaid"], [1004, 1006, 1007, 1008, 1011])

    def test_unclear(self):
        self.assertEqual(self.found["unclear"], [8, 10, 11, 14])

    def test_nothing_else(self):
        self.assertEqual(sorted(self.found), ["differing", "settled", "unclear", "unpaid"])
        states = sqlite3.connect("books.db").execute("SELECT state, COUNT(*) FROM invoices GROUP BY 1 ORDER BY 1").fetchall()
        self.assertEqual(states, [("open", 10), ("paid", 1), ("void", 1)])
