import datetime
import pathlib
import random
import re
import sqlite3
import unittest

from run import free

SCHEMA = pathlib.Path("schema.sql").read_text()
DAY = "2024-03-01"


def truth(connection, day, minutes):
    zero = datetime.datetime.fromisoformat(day)
    result = []
    for number, name, opens, closes in connection.execute("SELECT * FROM room"):
        used = [False] * 1440
        for starts, ends in connection.execute("SELECT starts, ends FROM booking WHERE room_id = ? AND NOT cancelled", (number,)):
            a, b = ((datetime.datetime.fromisoformat(t) - zero) // datetime.timedelta(minutes=1) for t in (starts, ends))
            for minute in range(max(a, 0), min(b, 1440)):
                used[minute] = True
        start = None
        for minute in range(opens, closes + 1):
            if minute < closes and not used[minute]:
                start = minute if start is None else start
            elif start is not None:
                if minute - start >= minutes:
                    result.append((number, name, "%02d:%02d" % divmod(start, 60), "%02d:%02d" % divmod(minute, 60), minute - start))
                start = None
    return sorted(result, key=lambda row: (-row[4], row[2], row[0]))


class FreeTest(unittest.TestCase):
    def fill(self, rooms, bookings):
        connection = sqlite3.connect(":memory:")
        self.addCleanup(connection.close)
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO room VALUES (?, ?, ?, ?)", rooms)
        connection.executemany("INSERT INTO booking (room_id, starts, ends, cancelled) VALUES (?, ?, ?, ?)", bookings)
        return connection

    def check(self, rooms, bookings, want=None, minutes=30, day=DAY):
        connection = self.fill(rooms, bookings)
        found = free(connection, day, minutes)
        self.assertEqual(found, truth(connection, day, minutes))
        if want is not None:
            self.assertEqual([(row[0], row[2], row[3]) for row in found], want)

    def test_no_bookings(self):
        self.check([(1, "a", 480, 1440), (2, "a", 0, 60)], [], [(1, "08:00", "24:00"), (2, "00:00", "01:00")])

    def test_contained(self):
        self.check([(1, "a", 480, 1080)], [(1, DAY + " 09:00", DAY + " 15:00", 0), (1, DAY + " 10:00", DAY + " 11:00", 0), (1, DAY + " 15:00", DAY + " 15:30", 0), (1, DAY + " 16:00", DAY + " 17:00", 1)],
                   [(1, "15:30", "18:00"), (1, "08:00", "09:00")])

    def test_other_days(self):
        self.check([(1, "a", 480, 1080)], [(1, "2024-02-28 10:00", DAY + " 09:00", 0), (1, DAY + " 17:30", "2024-03-05 09:00", 0), (1, "2024-02-29 09:00", "2024-02-29 12:00", 0), (1, "2024-03-02 10:00", "2024-03-02 11:00", 0)],
                   [(1, "09:00", "17:30")])
        self.check([(1, "a", 480, 1080)], [(1, "2024-02-01 00:00", "2024-04-01 00:00", 0)], [])
        self.check([(1, "a", 0, 1440)], [(1, "2024-02-29 22:00", DAY + " 00:00", 0), (1, "2024-03-02 00:00", "2024-03-02 01:00", 0)], [(1, "00:00", "24:00")])

    def test_outside_the_hours(self):
        self.check([(1, "a", 480, 1080)], [(1, DAY + " 06:00", DAY + " 07:00", 0), (1, DAY + " 19:00", DAY + " 20:00", 0), (1, DAY + " 07:00", DAY + " 08:30", 0)], [(1, "08:30", "18:00")])

    def test_touching(self):
        self.check([(1, "a", 480, 600)], [(1, DAY + " 08:00", DAY + " 08:30", 0), (1, DAY + " 08:30", DAY + " 09:00", 0), (1, DAY + " 09:30", DAY + " 10:00", 0)], [(1, "09:00", "09:30")])
        self.check([(1, "a", 480, 600)], [(1, DAY + " 09:01", DAY + " 09:30", 0)], [(1, "08:00", "09:01"), (1, "09:30", "10:00")])
        self.check([(1, "a", 480, 600)], [(1, DAY + " 08:29", DAY + " 09:31", 0)], [])

    def test_zero_minutes(self):
        self.check([(1, "a", 480, 600)], [(1, DAY + " 08:00", DAY + " 09:00", 0), (1, DAY + " 09:00", DAY + " 10:00", 0)], [], 0)
        self.check([(1, "a", 480, 600)], [(1, DAY + " 08:30", DAY + " 09:00", 0)], None, 0)

    def test_random(self):
        for seed in range(25):
            rnd = random.Random(seed)
            rooms = [(n, rnd.choice("xy"), rnd.randrange(0, 600, 15), rnd.randrange(615, 1441, 15)) for n in range(1, 5)]
            bookings = []
            for _ in range(14):
                start = datetime.datetime(2024, 2, 28, 20) + datetime.timedelta(minutes=rnd.randrange(0, 3600, 7))
                end = start + datetime.timedelta(minutes=rnd.choice([1, 20, 55, 90, 400, 2000]))
                bookings.append((rnd.randint(1, 4), start.strftime("%Y-%m-%d %H:%M"), end.strftime("%Y-%m-%d %H:%M"), rnd.randrange(5) // 4))
            self.check(rooms, bookings, None, rnd.choice([1, 15, 60]))

    def test_one_statement(self):
        text = re.sub(r"--[^\n]*", "", pathlib.Path("free.sql").read_text())
        self.assertTrue(sqlite3.complete_statement(text.strip().rstrip(";") + ";"))
        self.assertNotIn(";", text.strip().rstrip(";"))


if __name__ == "__main__":
    unittest.main()
