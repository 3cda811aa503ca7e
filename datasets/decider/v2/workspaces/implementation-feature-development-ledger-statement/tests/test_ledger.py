import unittest
from datetime import date

from ledger import Ledger, UnknownAccount


class LedgerTest(unittest.TestCase):
    def test_balance(self):
        ledger = Ledger()
        ledger.book("cash", date(2024, 3, 1), "float", 5000)
        ledger.book("cash", date(2024, 3, 4), "stamps", -850)
        self.assertEqual(ledger.balance("cash"), 4150)
        self.assertEqual(ledger.balance("cash", date(2024, 3, 3)), 5000)

    def test_unknown_account(self):
        with self.assertRaises(UnknownAccount):
            Ledger().balance("cash")


if __name__ == "__main__":
    unittest.main()
