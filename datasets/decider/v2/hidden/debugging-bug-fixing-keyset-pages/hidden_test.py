import base64
import itertools
import json
import pathlib
import random
import sqlite3
import unittest

from issues import BadCursor, page

SCHEMA = pathlib.Path("issues/schema.sql").read_text()
SORTS = [[]] + [list(zip(columns, directions)) for size in (1, 2, 3) for columns in itertools.permutations(("title", "due", "priority", "estimate"), size)
         for directions in (("asc",) * 3, ("desc",) * 3, ("asc", "desc", "asc"), ("desc", "asc", "desc")) if size > 1 or directions[0] != directions[-1] or directions[1] == directions[0]]


def lower(text):
    return "".join(c.lower() if c.isascii() else c for c in text)


def key(row, sort):
    parts = []
    for column, direction in sort:
        value = row[column]
        if column == "title":
            value = [ord(c) for c in lower(value)]
        elif column == "due" and value is not None:
            value = [ord(c) for c in value]
        elif value is not None:
            value = [value]
        sign = 1 if direction == "asc" else -1
        parts.append((value is None, [sign * x for x in value or []] + ([] if direction == "asc" else [1])))
    return parts, row["id"]


class PagesTest(unittest.TestCase):
    def setUp(self):
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(self.db.close)
        self.db.executescript(SCHEMA)
        self.rnd = random.Random(5)
        for number in range(1, 41):
            self.add(number)

    def add(self, number, project="p"):
        pick = self.rnd.choice
        self.db.execute("INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?)", (number, project, pick(["abc", "ABC", "abd", "Zo", "\u00e9", "\u00c9", "_x", "a"]),
                        pick([None, "2024-01-02", "2024-01-10", "2023-12-31"]), pick([None, 1, 2, 0, -1]), pick([None, 0.1, 0.30000000000000004, 2.0, 0.0])))

    def truth(self, sort, project="p"):
        self.db.row_factory = sqlite3.Row
        rows = self.db.execute("SELECT * FROM issue WHERE project = ?", (project,)).fetchall()
        self.db.row_factory = None
        return [row["id"] for row in sorted(rows, key=lambda row: key(row, sort))]

    def walk(self, sort, limit, cursor=None, side="next"):
        pages = []
        while True:
            found = page(self.db, "p", sort, limit, cursor)
            pages.append(found["ids"])
            cursor = found[side]
            if cursor is None:
                return pages, found
            if len(pages) > 60:
                raise AssertionError("it never ends")

    def test_forward_and_back(self):
        for number, sort in enumerate(SORTS[:9] + SORTS[9::3]):
            truth, limit = self.truth(sort), (7, 10, 13, 20)[number % 4]
            pages, last = self.walk(sort, limit)
            self.assertEqual(pages, [truth[at:at + limit] for at in range(0, 40, limit)], sort)
            back, first = self.walk(sort, limit, last["previous"], "previous") if last["previous"] else ([], last)
            at = 40 - len(pages[-1])
            want = []
            while at > 0:
                want.append(truth[max(at - limit, 0):at])
                at -= limit
            self.assertEqual(back, want, sort)
            self.assertIsNone(first["previous"])

    def test_ends(self):
        sort = [("due", "desc")]
        whole = page(self.db, "p", sort, 40)
        self.assertEqual((whole["ids"], whole["next"], whole["previous"]), (self.truth(sort), None, None))
        self.assertIsNone(page(self.db, "p", sort, 41)["next"])
        self.assertEqual(page(self.db, "none", sort, 5), {"ids": [], "next": None, "previous": None})
        self.assertIsNotNone(page(self.db, "p", sort, 39)["next"])

    def test_previous_of_a_middle_page(self):
        sort = [("priority", "desc"), ("title", "asc")]
        truth = self.truth(sort)
        second = page(self.db, "p", sort, 9, page(self.db, "p", sort, 9)["next"])
        self.assertEqual(page(self.db, "p", sort, 4, second["previous"])["ids"], truth[5:9])
        again = page(self.db, "p", sort, 30, second["previous"])
        self.assertEqual((again["ids"], again["previous"]), (truth[:9], None))
        self.assertEqual(page(self.db, "p", sort, 9, again["next"])["ids"], second["ids"])

    def test_changes_in_between(self):
        for seed, sort in enumerate(SORTS[::9]):
            rnd = random.Random(seed)
            stable = set(self.truth(sort))
            cursor, seen, number = None, [], 1000 + seed * 100
            while True:
                found = page(self.db, "p", sort, 6, cursor)
                seen += found["ids"]
                cursor = found["next"]
                if cursor is None:
                    break
                gone = found["ids"][-1] if rnd.random() < .5 else rnd.choice(self.truth(sort))
                self.db.execute("DELETE FROM issue WHERE id = ?", (gone,))
                stable.discard(gone)
                number += 1
                self.add(number)
            self.assertEqual(len(seen), len(set(seen)), sort)
            self.assertLessEqual(stable, set(seen), sort)
            while len(self.truth(sort)) < 40:
                number += 1
                self.add(number)

    def test_row_of_the_cursor_moves(self):
        sort = [("priority", "asc")]
        first = page(self.db, "p", sort, 10)
        truth = self.truth(sort)
        self.db.execute("UPDATE issue SET priority = 99 WHERE id = ?", (first["ids"][-1],))
        self.assertEqual(page(self.db, "p", sort, 5, first["next"])["ids"], truth[10:15])

    def test_nothing_behind_any_more(self):
        sort = [("title", "asc")]
        first = page(self.db, "p", sort, 39)
        self.db.execute("DELETE FROM issue WHERE id = ?", (self.truth(sort)[-1],))
        self.assertEqual(page(self.db, "p", sort, 3, first["next"]), {"ids": [], "next": None, "previous": None})

    def test_bad_cursors(self):
        sort = [("due", "asc"), ("title", "desc")]
        good = page(self.db, "p", sort, 5)["next"]
        for project, other in (("q", sort), ("p", sort[:1]), ("p", sort[::-1]), ("p", [("due", "asc"), ("title", "asc")]), ("p", [("due", "asc"), ("priority", "desc")]), ("p", [])):
            with self.assertRaises(BadCursor):
                page(self.db, project, other, 5, good)
        encode = lambda text: base64.urlsafe_b64encode(text.encode()).decode()
        for bad in ("", "x", "%%%%", "\u00e9", encode("[]"), encode("3"), encode("null"), encode("{}"), encode("{"), encode('{"values": [1], "id": 3}'), good[:-6], good + "!", "A" + good):
            with self.assertRaises(BadCursor, msg=bad):
                page(self.db, "p", sort, 5, bad)

    def test_bad_sorts(self):
        for bad in ([("id; --", "asc")], [("due", "up")]):
            with self.assertRaises(ValueError):
                page(self.db, "p", bad, 5)

    def test_no_long_reads(self):
        count, queries = [], []
        for number in range(100, 400):
            self.add(number)
        self.db.row_factory = lambda cursor, row: count.append(1) or row
        self.db.set_trace_callback(queries.append)
        first = page(self.db, "p", [("due", "asc")], 5)
        second = page(self.db, "p", [("due", "asc")], 5, first["next"])
        page(self.db, "p", [("due", "asc")], 5, second["previous"])
        self.assertLess(len(count), 60)
        self.assertNotIn("OFFSET", " ".join(queries).upper())


if __name__ == "__main__":
    unittest.main()
