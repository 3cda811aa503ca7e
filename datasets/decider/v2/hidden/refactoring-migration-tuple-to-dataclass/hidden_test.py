import dataclasses
import unittest

from track import changes, plan, report
from track.stop import Stop

LINES = ["S2;7;Mill", "S1;30;Mill", "S1;30;Mill;4", "S1;5;Harbour;2", " S1;12;Mill\n", "S2;5;Harbour;0", "S10;1;Zoo"]


class TrackTest(unittest.TestCase):
    def setUp(self):
        self.stops = plan.load(LINES)

    def test_class(self):
        self.assertTrue(dataclasses.is_dataclass(Stop))
        self.assertFalse(issubclass(Stop, tuple))
        stop = Stop("S1", 5, "Mill")
        for name in ("__iter__", "__getitem__", "__len__", "_replace", "_asdict", "_make", "_fields"):
            self.assertFalse(hasattr(Stop, name), name)
        with self.assertRaises(dataclasses.FrozenInstanceError):
            stop.delay = 3
        self.assertFalse(stop == ("S1", 5, "Mill", 0))
        self.assertEqual(hash(stop), hash(Stop("S1", 5, "Mill", 0)))
        with self.assertRaises(TypeError):
            stop < ("S2",)

    def test_load(self):
        self.assertEqual(self.stops, [Stop("S1", 5, "Harbour", 2), Stop("S1", 12, "Mill"), Stop("S1", 30, "Mill", 4),
                                      Stop("S10", 1, "Zoo"), Stop("S2", 7, "Mill")])

    def test_next(self):
        found = [plan.next_stop(self.stops, *q) for q in (("S1", 0), ("S1", 5), ("S1", 6), ("S1", 13), ("S1", 31), ("S2", 8), ("S10", 1), ("S0", 1))]
        self.assertEqual([s and (s.line, s.minute) for s in found], [("S1", 5), ("S1", 5), ("S1", 12), ("S1", 30), None, None, ("S10", 1), None])

    def test_report(self):
        self.assertEqual(report.screen([self.stops[:1], [[self.stops[1]], []], self.stops[4]]), ["S1  05 Harbour +2", "S1  12 Mill", "S2  07 Mill"])
        self.assertEqual(report.to_json(self.stops[:2]), '[["S1", 5, "Harbour", 2], ["S1", 12, "Mill", 0]]')
        self.assertEqual(report.to_json([]), "[]")
        self.assertEqual(report.to_csv(self.stops[3:]), "line,minute,place,delay\nS10,1,Zoo,0\nS2,7,Mill,0\n")
        self.assertEqual(report.to_csv([]), "\n")

    def test_changes(self):
        later = changes.delayed(self.stops, "S1", 3)
        self.assertEqual([s.delay for s in later], [5, 3, 7, 0, 0])
        self.assertEqual([s.delay for s in self.stops], [2, 0, 4, 0, 0])
        self.assertEqual(changes.dropped(self.stops, later), self.stops[:3])
        self.assertEqual(changes.moved([Stop("S1", 5, "A"), Stop("S1", 6, "B"), Stop("S1", 7, "C", 1)],
                                       [Stop("S1", 5, "A", 1), Stop("S1", 6, "B"), Stop("S1", 8, "C", 1), Stop("S1", 9, "D")]),
                         [Stop("S1", 5, "A", 1), Stop("S1", 8, "C", 1)])
        self.assertEqual(changes.by_line(self.stops[2:]), {
            "S1": [{"minute": 30, "place": "Mill", "delay": 4}], "S10": [{"minute": 1, "place": "Zoo", "delay": 0}],
            "S2": [{"minute": 7, "place": "Mill", "delay": 0}]})


if __name__ == "__main__":
    unittest.main()
