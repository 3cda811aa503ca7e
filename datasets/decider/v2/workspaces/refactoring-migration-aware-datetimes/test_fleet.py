import unittest
from datetime import datetime

from fleet import clock, feed, trips


class FleetTest(unittest.TestCase):
    def test_lines(self):
        text = "a;2024-05-01T10:00:00;"
        self.assertEqual(trips.line(trips.parse(text)), text)

    def test_title(self):
        self.assertEqual(feed.title(trips.parse("a;2024-05-01T10:00:00;")), "a since 2024-05-01 10:00:00")

    def test_seconds(self):
        self.assertEqual(clock.seconds(clock.from_seconds(86400)), 86400)


if __name__ == "__main__":
    unittest.main()
