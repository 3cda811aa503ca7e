import unittest
from datetime import date as d

from ledger import Ledger, UnknownAccount


def sample():
    ledger = Ledger()
    ledger.book("cash", d(2024, 3, 10), "till", 700)
    ledger.book("bank", d(2024, 3, 2), "rent", -90000)
    ledger.book("cash", d(2024, 3, 1), "float", 5000)
    ledger.book("cash", d(2024, 3, 31), "zoo", -100)
    ledger.book("cash", d(2024, 3, 10), "apples", -50)
    ledger.book("cash", d(2024, 4, 1), "april", 1)
    ledger.book("cash", d(2024, 3, 5), "stamps", -850)
    return ledger


class StatementTest(unittest.TestCase):
    def test_period(self):
        got = sample().statement("cash", d(2024, 3, 5), d(2024, 3, 31))
        self.assertEqual(set(got), {"account", "opening", "lines", "closing"})
        self.assertEqual(got["account"], "cash")
        self.assertEqual(got["opening"], 5000)
        self.assertEqual([tuple(x) for x in got["lines"]], [
            (d(2024, 3, 5), "stamps", -850, 4150), (d(2024, 3, 10), "till", 700, 4850),
            (d(2024, 3, 10), "apples", -50, 4800), (d(2024, 3, 31), "zoo", -100, 4700)])
        self.assertEqual(got["closing"], 4700)

    def test_one_day(self):
        got = sample().statement("cash", d(2024, 3, 10), d(2024, 3, 10))
        self.assertEqual((got["opening"], got["closing"], len(got["lines"])), (4150, 4800, 2))

    def test_quiet_period(self):
        got = sample().statement("cash", d(2024, 3, 11), d(2024, 3, 30))
        self.assertEqual((got["opening"], list(got["lines"]), got["closing"]), (4800, [], 4800))
        got = sample().statement("cash", d(2023, 1, 1), d(2023, 1, 2))
        self.assertEqual((got["opening"], list(got["lines"]), got["closing"]), (0, [], 0))

    def test_errors(self):
        with self.assertRaises(UnknownAccount):
            sample().statement("petty", d(2024, 3, 1), d(2024, 3, 2))
        with self.assertRaises(ValueError):
            sample().statement("cash", d(2024, 3, 2), d(2024, 3, 1))

    def test_old_behaviour(self):
        ledger = sample()
        ledger.statement("cash", d(2024, 3, 1), d(2024, 3, 31))
        self.assertEqual([b.text for b in ledger.bookings("cash")], ["till", "float", "zoo", "apples", "april", "stamps"])
        self.assertEqual(ledger.balance("cash"), 4701)


if __name__ == "__main__":
    unittest.main()
