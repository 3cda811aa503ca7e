import os
import time
import unittest

import tickets

PATH = "test.db"


class TicketsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.path.exists(PATH):
            os.remove(PATH)
        cls.db = tickets.connect(PATH)

    def test_1_open(self):
        self.assertEqual(tickets.open_ticket(self.db, "Printer", time.time(), "Ada", ["hardware", "office"]), 1)
        self.assertEqual(tickets.open_ticket(self.db, "Login", time.time(), None, ["web", "office", "web"]), 2)
        self.assertEqual(tickets.open_ticket(self.db, "Search", time.time(), "Ada", ["web"]), 3)

    def test_2_with_tag(self):
        self.assertEqual(tickets.with_tag(self.db, "office"), [(1, "Printer"), (2, "Login")])
        self.assertEqual(tickets.with_tag(self.db, "web"), [(2, "Login"), (3, "Search")])

    def test_3_oldest(self):
        self.assertEqual(tickets.oldest(self.db, 2), ["Printer", "Login"])

    def test_4_load(self):
        self.assertEqual(str(tickets.load(self.db)), "{None: 1, 'Ada': 2}")

    def test_5_close(self):
        self.assertTrue(tickets.close_ticket(self.db, 1))
        self.assertFalse(tickets.close_ticket(self.db, 1))
        self.assertEqual(tickets.load(self.db), {None: 1, "Ada": 1})

    def test_6_merge(self):
        tickets.merge(self.db, 3, 2)
        self.assertEqual(tickets.with_tag(self.db, "web"), [(2, "Login")])
        with self.assertRaises(KeyError):
            tickets.merge(self.db, 3, 1)


if __name__ == "__main__":
    unittest.main()
