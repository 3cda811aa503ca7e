import unittest
from decimal import Decimal as D

from money import add_vat, split, to_cents


class MoneyTest(unittest.TestCase):
    def test_to_cents(self):
        self.assertEqual(to_cents(D("2.665")), D("2.67"))
        self.assertEqual(to_cents(D("2.671")), D("2.67"))

    def test_add_vat(self):
        self.assertEqual(add_vat(D("0.50"), 5), D("0.53"))
        self.assertEqual(add_vat(D("9.99"), 19), D("11.89"))

    def test_split(self):
        self.assertEqual(split(D("10.00"), 3), [D("3.33"), D("3.33"), D("3.34")])


if __name__ == "__main__":
    unittest.main()
