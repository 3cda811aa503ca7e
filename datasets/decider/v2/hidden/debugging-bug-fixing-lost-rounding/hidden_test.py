import unittest
from decimal import ROUND_DOWN, ROUND_HALF_UP
from decimal import Decimal as D

from invoices.amounts import UNITS, Line, line_net, tax, total


def truth(lines, percent, unit):
    net = [(l.quantity * l.price * (100 - l.discount_percent) / 100).quantize(unit, ROUND_DOWN) for l in lines]
    taxes = [(n * percent / 100).quantize(unit, ROUND_HALF_UP) for n in net]
    return sum(net, D(0)), sum(taxes, D(0))


class RoundingTest(unittest.TestCase):
    def check(self, lines, percent, currency="EUR", want=None):
        lines = [Line("x", D(q), D(p), D(d)) for q, p, d in lines]
        net, taxes = truth(lines, D(percent), UNITS[currency])
        self.assertEqual((total(lines, D(percent), currency), tax(lines, D(percent), currency)), (net + taxes, taxes))
        if want is not None:
            self.assertEqual(total(lines, D(percent), currency), D(want))

    def test_line_by_line(self):
        self.check([("1", "0.37", "0")] * 12, "7", want="4.80")
        self.check([("3", "0.29", "0"), ("1", "10.03", "0"), ("7", "1.11", "0")], "19")

    def test_half(self):
        self.check([("1", "0.50", "0")], "5", want="0.53")
        self.check([("1", "0.10", "0")] * 3, "25", want="0.39")
        self.check([("1", "0.30", "0")], "25", want="0.38")

    def test_credit(self):
        self.check([("-1", "0.50", "0")], "5", want="-0.53")
        self.check([("-1", "0.10", "0"), ("1", "0.37", "0")], "25", want="0.33")
        self.check([("-3", "0.335", "0"), ("-1", "0.999", "33")], "19")

    def test_net_stays_cut_off(self):
        self.assertEqual(line_net(Line("x", D(3), D("0.33"), D(5)), "EUR"), D("0.94"))
        self.assertEqual(line_net(Line("x", D(-3), D("0.33"), D(5)), "EUR"), D("-0.94"))
        self.check([("3", "0.33", "5")], "20", want="1.13")
        self.check([("1", "9.99", "12.5"), ("2.5", "3.33", "3")], "20")

    def test_currencies(self):
        self.check([("1", "333", "0")] * 3, "8", "JPY", "1080")
        self.check([("1", "45", "0"), ("-1", "5", "0")], "10", "JPY", "44")
        self.check([("1", "0.0105", "0"), ("1", "0.015", "0")] * 4, "10", "KWD")
        self.check([("1", "0.5005", "10")] * 3, "10", "KWD")

    def test_empty(self):
        self.check([], "19")

    def test_many(self):
        for n in range(60):
            lines = [(str(n % 7 - 2), f"{(n * 37 + k * 13) % 500 / 100}", str(k * 5 % 30)) for k in range(6)]
            for currency, percent in (("EUR", "19"), ("EUR", "7.5"), ("JPY", "10"), ("KWD", "5")):
                self.check(lines, percent, currency)


if __name__ == "__main__":
    unittest.main()
