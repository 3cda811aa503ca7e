import hashlib
import os
import sqlite3
import unittest

ROWS = {
    "accounts": [(18, "other@mail.example.invalid", "Other", None), (33, "ines@mail.example.invalid.example.invalid", "Not Ines", None), (40, "xines@mail.example.invalid", "Not Ines too", 18)],
    "disputes": [(2, 18, None)],
    "orders": [(101, None, "2021-01-02", "shipped", "", ""), (103, 18, "2031-05-30", "open", "others", "555-9"), (106, 33, "2019-01-01", "shipped", "nn", "555-8"), (107, None, "2020-12-31", "shipped", "", ""), (108, None, "2018-05-05", "shipped", "", "")],
    "invoices": [(501, 101, None, "2021-01-03", "I. Marker", "Street 2"), (502, 107, None, "2021-01-01", "Work two", "Street 3"), (503, 103, 18, "2031-05-30", "Other", "Street 9"), (505, 108, None, "2024-05-06", "Ines Marker", "Street 4"), (506, 106, 33, "2019-01-01", "Not Ines", "Street 8")],
    "invoice_lines": [(i, 500 + i % 7, "line %d" % i) for i in range(1, 15) if i % 7 not in (0, 4)],
    "attachments": [(2, 18), (6, 33)],
    "newsletter": [("ines@mail.example.invalid.example.invalid", "x"), ("other@mail.example.invalid", "news"), ("xines@mail.example.invalid", "sale")],
    "sessions": [("c", 18, "x"), ("d", 40, "x")],
}
LOGS = {
    "a.log": "1 to=<[erased]> ok\n2 to=xines@mail.example.invalid ok\n3 to=ines@mail.example.invalid.example.invalid ok\n4 from=[erased] to=other@mail.example.invalid\n5 to=a.ines@mail.example.invalid ok\n6 Bounce of [erased].\n",
    "b.log": "1 [erased],[erased],new@mail.example.invalid\n2 to=w@mail.example.invalid-list ok\n",
    "c.log": "1 to=other@mail.example.invalid\n"}


class ErasureTest(unittest.TestCase):
    maxDiff = None

    def test_rows(self):
        con = sqlite3.connect("crm.db")
        self.addCleanup(con.close)
        for table, rows in ROWS.items():
            columns = "id, account_id" if table == "attachments" else "*"
            self.assertEqual(con.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall(), rows, table)

    def test_files(self):
        want = sorted([hashlib.sha256(t).hexdigest()[:16] for t in (b"terms", b"cat")] + ["0" * 16])
        self.assertEqual(sorted(os.listdir("files")), want)

    def test_logs(self):
        for name, text in LOGS.items():
            with open("mail/" + name) as f:
                self.assertEqual(f.read(), text, name)
        self.assertEqual(int(os.stat("mail/c.log").st_mtime), 1900000000)

    def test_report(self):
        with open("erasure.txt") as f:
            self.assertEqual(f.read().split(), ["erased", "7", "12", "15", "21", "30", "41"])

    def test_compacted(self):
        con = sqlite3.connect("crm.db")
        self.addCleanup(con.close)
        self.assertEqual(con.execute("PRAGMA freelist_count").fetchone(), (0,))

    def test_nothing_readable(self):
        with open("crm.db", "rb") as f:
            data = f.read()
        for word in (b"ring twice", b"Ines Older", b"555-6", b"ines.work@"):
            self.assertNotIn(word, data)
