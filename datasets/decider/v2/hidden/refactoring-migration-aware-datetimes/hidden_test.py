import os
import pathlib
import time
import unittest
from datetime import datetime, timedelta, timezone

from fleet import billing, clock, feed, trips
from fleet.trips import Trip

os.environ["TZ"] = "XYZ4"
time.tzset()
UTC = timezone.utc
EAST, WEST = timezone(timedelta(hours=9)), timezone(timedelta(hours=-5, minutes=-30))
TIME = clock.now


def at(*parts, zone=UTC):
    return datetime(*parts, tzinfo=UTC).astimezone(zone)


class FleetTest(unittest.TestCase):
    def setUp(self):
        clock.now = lambda: at(2024, 5, 3, 0, 30)

    def tearDown(self):
        clock.now = TIME

    def utc(self, got, *parts):
        self.assertIsNotNone(got.tzinfo)
        self.assertEqual(got.utcoffset(), timedelta(0))
        self.assertEqual(got.replace(tzinfo=UTC), datetime(*parts, tzinfo=UTC))

    def test_clock(self):
        self.assertEqual(TIME().utcoffset(), timedelta(0))
        self.assertLess(abs(TIME().timestamp() - time.time()), 5)
        self.utc(clock.from_seconds(1714531800), 2024, 5, 1, 2, 50)
        for zone in (UTC, EAST, WEST):
            self.utc(clock.midnight(at(2024, 5, 1, 22, 10, 5, 7, zone=zone)), 2024, 5, 1)
            self.utc(clock.midnight(at(2024, 5, 1, 1, zone=zone)), 2024, 5, 1)
            self.assertEqual(clock.seconds(at(2024, 5, 1, 2, 50, 0, 999999, zone=zone)), 1714531800)

    def test_lines(self):
        for text in ("a;2024-05-01T10:00:00;", "b;2024-05-01T23:59:59.250000;2024-05-02T00:00:00"):
            trip = trips.parse(text + "\n")
            self.assertEqual(trips.line(trip), text)
        self.utc(trip.start, 2024, 5, 1, 23, 59, 59, 250000)
        self.utc(trip.end, 2024, 5, 2)
        self.assertIsNone(trips.parse("a;2024-05-01T10:00:00;").end)
        self.assertEqual(trips.line(Trip("c", at(2024, 5, 1, 1, zone=WEST), at(2024, 5, 1, 20, zone=EAST))), "c;2024-05-01T01:00:00;2024-05-01T20:00:00")

    def test_trip_keeps_utc(self):
        trip = Trip("c", at(2024, 5, 1, 1, zone=WEST), at(2024, 5, 1, 20, zone=EAST))
        self.utc(trip.start, 2024, 5, 1, 1)
        self.utc(trip.end, 2024, 5, 1, 20)

    def test_last_end(self):
        found = [Trip("a", at(2024, 1, 1), at(2024, 1, 2)), Trip("a", at(2024, 1, 1), at(2024, 1, 3)), Trip("b", at(2024, 2, 1))]
        self.utc(trips.last_end(found, "a"), 2024, 1, 3)
        self.utc(trips.last_end(found, "b"), 1, 1, 1)
        self.utc(trips.last_end([], "a"), 1, 1, 1)

    def test_running(self):
        found = [Trip("a", at(2024, 5, 2), at(2024, 5, 3, 0, 30)), Trip("b", at(2024, 5, 3, 0, 30)), Trip("c", at(2024, 5, 4))]
        self.assertEqual(trips.running(found), ["b"])
        for zone in (UTC, EAST, WEST):
            self.assertEqual(trips.running(found, at(2024, 5, 2, zone=zone)), ["a"])
            self.assertEqual(trips.running(found, at(2030, 5, 2, zone=zone)), ["b", "c"])

    def test_days(self):
        for zone in (UTC, EAST, WEST):
            self.assertEqual(trips.days(Trip("a", at(2024, 4, 30, 22, zone=zone), at(2024, 5, 1, 1, zone=zone))), ["2024-04-30", "2024-05-01"])
            self.assertEqual(trips.days(Trip("a", at(2024, 5, 2, 2, zone=zone))), ["2024-05-02", "2024-05-03"])

    def test_billing(self):
        found = []
        for zone in (UTC, EAST, WEST):
            self.assertEqual(billing.month(at(2024, 4, 30, 23, zone=zone)), "2024-04")
            self.assertEqual(billing.month(at(2024, 5, 1, 1, zone=zone)), "2024-05")
            self.utc(billing.due(at(2024, 12, 31, 23, zone=zone)), 2025, 1, 1)
            self.utc(billing.due(at(2024, 5, 1, 1, zone=zone)), 2024, 6, 1)
            self.assertEqual(billing.number(at(2020, 2, 1, 23, 30, zone=zone)), "31-1410")
            self.assertEqual(billing.number(at(2020, 2, 1, 0, 5, zone=zone)), "31-0005")
            found.append(Trip("a", at(2024, 4, 30, 22, zone=zone), at(2024, 5, 1, 0, 30, zone=zone)))
        found.append(Trip("b", at(2024, 5, 1)))
        self.assertEqual(billing.hours(found), {"2024-04": 7.5})
        self.assertEqual([billing.overdue(d) for d in ("2024-04-30", "2024-05-01", "2024-05-02", "2024-06-01")], [2, 1, 0, 0])

    def test_header(self):
        for zone in (UTC, EAST, WEST):
            self.assertEqual(feed.header(at(2024, 5, 1, 2, 50, zone=zone)), "Wed, 01 May 2024 02:50:00 -0000")

    def test_changed_since(self):
        found = [Trip("a", at(2024, 5, 1, 1)), Trip("b", at(2024, 5, 1, 3)), Trip("c", at(2024, 4, 1), at(2024, 5, 1, 2))]
        for text, cars in (("Wed, 01 May 2024 02:00:00 -0000", "b"), ("Wed, 01 May 2024 01:30:00 GMT", "bc"), ("Wed, 01 May 2024 02:59:00 +0200", "abc"), ("Tue, 30 Apr 2024 21:30:00 -0500", "b")):
            self.assertEqual("".join(t.car for t in feed.changed_since(text, found)), cars)

    def test_feed(self):
        trip = Trip("a", at(2024, 5, 1, 2, 50, zone=EAST), at(2024, 5, 1, 3, 0, 0, 5, zone=WEST))
        self.assertEqual(feed.to_json([trip, Trip("b", at(2024, 5, 1))]),
                         '[{"car": "a", "start": "2024-05-01 02:50:00", "end": "2024-05-01 03:00:00.000005"}, {"car": "b", "start": "2024-05-01 00:00:00", "end": null}]')
        self.assertEqual(feed.title(trip), "a since 2024-05-01 02:50:00")

    def test_naive_is_refused(self):
        naive = datetime(2024, 5, 1)
        for call in (clock.midnight, clock.seconds, billing.month, billing.due, billing.number, feed.header, lambda w: trips.running([], w),
                     lambda w: Trip("a", w), lambda w: Trip("a", at(2024, 5, 1), w)):
            with self.assertRaises(ValueError):
                call(naive)

    def test_deprecated(self):
        for path in pathlib.Path("fleet").glob("*.py"):
            for name in ("utcnow", "utcfromtimestamp"):
                self.assertNotIn(name, path.read_text())


if __name__ == "__main__":
    unittest.main()
