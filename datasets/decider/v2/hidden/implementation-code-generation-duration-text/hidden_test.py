import unittest

from durations import parse, text


class DurationTest(unittest.TestCase):
    def test_parse(self):
        for given, seconds in (("5s", 5), ("1m", 60), ("1h", 3600), ("1d", 86400), ("1w", 604800), ("1w2d3h4m5s", 788645), ("90m", 5400),
                               ("1h30s", 3630), ("  7s ", 7), ("007m", 420), ("0s", 0), ("0w0s", 0), ("100d", 8640000), ("1w1s", 604801)):
            got = parse(given)
            self.assertEqual((got, type(got)), (seconds, int), given)

    def test_errors(self):
        for given in ("", " ", "5", "s", "5S", "5x", "1m1h", "1m1m", "1 m", "1h 5m", "-5s", "+5s", "1.5h", "1h5", "h5m", "5ms", "\u0665s", "1_0s", "1h\n2m", "1,5h", "5s5"):
            with self.assertRaises(ValueError, msg=given):
                parse(given)

    def test_text(self):
        for seconds, want in ((0, "0s"), (1, "1s"), (59, "59s"), (60, "1m"), (61, "1m1s"), (3600, "1h"), (86400, "1d"), (604800, "1w"), (694861, "1w1d1h1m1s"),
                              (6048000, "10w"), (604799, "6d23h59m59s"), (86405, "1d5s")):
            self.assertEqual(text(seconds), want)
        with self.assertRaises(ValueError):
            text(-1)

    def test_round_trip(self):
        for seconds in list(range(0, 4000, 7)) + list(range(0, 3000000, 12345)):
            self.assertEqual(parse(text(seconds)), seconds)


if __name__ == "__main__":
    unittest.main()
