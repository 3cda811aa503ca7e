import unittest

from track import changes, plan, report
from track.stop import Stop

LINES = ["S2;7;Mill", "S1;5;Harbour;2", "S1;12;Mill"]


class TrackTest(unittest.TestCase):
    def test_load(self):
        self.assertEqual(plan.load(LINES), [Stop("S1", 5, "Harbour", 2), Stop("S1", 12, "Mill"), Stop("S2", 7, "Mill")])

    def test_screen(self):
        self.assertEqual(report.screen(plan.load(LINES))[0], "S1  05 Harbour +2")

    def test_delayed(self):
        self.assertEqual([s.delay for s in changes.delayed(plan.load(LINES), "S1", 3)], [5, 3, 0])


if __name__ == "__main__":
    unittest.main()
