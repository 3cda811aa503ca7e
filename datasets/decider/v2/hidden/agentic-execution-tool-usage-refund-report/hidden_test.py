import csv
import sqlite3
import unittest

EXPECTED = [
    ["customer", "gross_cents", "refunded_cents", "net_cents"],
    ["Birch Cafe", "552560", "30840", "521720"],
    ["North Mill", "298022", "8682", "289340"],
    ["Quarry Tools", "240903", "5304", "235599"],
    ["Harbour Books", "197703", "4420", "193283"],
    ["Lantern Inn", "190083", "8785", "181298"],
    ["Old Pier", "183054", "1794", "181260"],
    ["Meadow, Farm & Co", "110649", "4015", "106634"],
]


class ReportTest(unittest.TestCase):
    def test_rows(self):
        with open("report.csv", newline="", encoding="utf-8") as f:
            rows = list(csv.reader(f))
        self.assertEqual(rows, EXPECTED)

    def test_database_untouched(self):
        con = sqlite3.connect("file:shop.db?mode=ro", uri=True)
        counts = [con.execute("SELECT COUNT(*) FROM " + t).fetchone()[0] for t in ("customers", "orders")]
        self.assertEqual(counts, [8, 240])
        con.close()
