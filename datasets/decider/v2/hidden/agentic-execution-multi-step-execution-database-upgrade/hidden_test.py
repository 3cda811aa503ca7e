import json
import sqlite3
import unittest

REPORT = {"from": 3, "to": 7, "renamed": {"MARA": "MARA-8", "ola": "ola-4", "Ola": "Ola-6", "Tim": "Tim-2"}, "lost": [7, 8, 13], "stretched": [4, 14], "findings": {"long.sql": 1, "overlap.sql": 2}}
EXPECTED = {
    'members': [
        (1, 'mara'),
        (2, 'Tim-2'),
        (3, 'tim'),
        (4, 'ola-4'),
        (5, 'OLA'),
        (6, 'Ola-6'),
        (7, 'per'),
        (8, 'MARA-8'),
        (9, 'kim'),
    ],
    'rooms': [
        (1, 'blue'),
        (2, 'green'),
        (4, 'attic'),
    ],
    'bookings': [
        (1, 1, 1, '2031-04-01T09:00', '2031-04-01T10:00'),
        (2, 2, 1, '2031-04-01T09:30', '2031-04-01T11:00'),
        (3, 3, 2, '2031-04-01T09:00', '2031-04-01T12:00'),
        (4, 3, 2, '2031-04-02T09:00', '2031-04-02T10:00'),
        (6, 5, 4, '2031-04-02T10:00', '2031-04-02T12:00'),
        (9, 4, 1, '2031-04-04T10:00', '2031-04-04T11:00'),
        (10, 6, 2, '2031-04-02T09:30', '2031-04-02T10:30'),
        (11, 1, 4, '2031-04-05T08:00', '2031-04-07T08:00'),
        (12, 8, 4, '2031-04-08T08:00', '2031-04-08T09:00'),
        (14, 9, 1, '2031-04-10T23:30', '2031-04-11T00:30'),
        (15, 5, 2, '2031-04-11T08:00', '2031-04-11T09:00'),
    ],
    'lost_bookings': [
        (7, 77, 1, '2031-04-03T10:00', '2031-04-03T09:00'),
        (8, 7, 9, '2031-04-03T10:00', '2031-04-03T11:00'),
        (13, 66, 3, '2031-04-09T08:00', '2031-04-09T09:00'),
    ],
}


class UpgradeTest(unittest.TestCase):
    def open(self, path):
        con = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
        self.addCleanup(con.close)
        return con

    def test_rows(self):
        con = self.open("app.db")
        self.assertEqual(con.execute("PRAGMA user_version").fetchone()[0], 7)
        for table, rows in EXPECTED.items():
            with self.subTest(table=table):
                self.assertEqual(con.execute("SELECT * FROM " + table + " ORDER BY id").fetchall(), rows)
        sql = con.execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()[0]
        for part in ("CHECK", "REFERENCES", "members_login"):
            self.assertIn(part, sql)

    def test_backup(self):
        con = self.open("backup/app-v3.db")
        self.assertEqual(con.execute("PRAGMA user_version").fetchone()[0], 3)
        self.assertEqual(con.execute("SELECT COUNT(*), COUNT(DISTINCT member_id) FROM bookings").fetchone(), (15, 11))
        self.assertEqual(con.execute("SELECT login FROM members ORDER BY id").fetchall()[4], ("OLA",))

    def test_report(self):
        with open("report.json", encoding="utf-8") as f:
            self.assertEqual(json.load(f), REPORT)
