import hashlib
import json
import sqlite3
import unittest

ARTICLES = [(1, 'S-01', 'Article 1', 100, 1),
    (2, 'S-02', 'Article Two', 200, 7),
    (3, 'S-03', 'Article 3', 333, 3),
    (4, 'S-04', 'Article 4', 440, 4),
    (5, 'S-05', 'Article 5', 550, 5),
    (7, 'S-07', 'Article 7', 700, 7),
    (8, 'S-08', 'Article 8', 800, 8),
    (9, 'S-09', 'Article 9', 900, 9),
    (10, 'S-10', 'Article 10', 1000, 10),
    (12, 'S-12', 'Article 12', 1200, 12),
    (13, 'S-13', 'Article 13', 1300, 13),
    (14, 'S-14', 'Article 14', 1400, 14),
    (15, 'S-15', 'Article 15', 1500, 15),
    (16, 'S-16-X', 'Article 16', 1600, 16),
    (17, 'S-17', 'Article 17', 1702, 17),
    (18, 'S-18', 'Article 18', 5, 18),
    (19, 'S-19', 'Article 19', 1900, 190),
    (20, 'S-20', 'Article 20', 2000, 20),
    (21, 'S-21', 'Article 21', 2101, 21),
    (22, 'S-22', 'Article 22', 1, 22),
    (23, 'S-23', 'Article 23', 7, 23),
    (24, 'S-24', 'Article 24', 24, 24),
    (41, 'N-41', 'New 41', 2, 1),
    (42, 'N-42', 'New 42', 1, 1),
    (50, 'S-11', "Tim's 11", 9, 9),
    (51, 'S-16', "Tim's 16", 1, 1)]
UNDO = {"deleted": [40, 43, 45, 52], "updated": [1, 2, 3, 4, 5, 14, 15, 16, 19, 21, 50], "inserted": [10, 12, 13, 20], "kept": [16, 41, 42], "lost": [11]}
OLD_AUDIT = (78, "26cb0dda68581d7959b8f6ae434a3bfc7243723e2ff492791737110a16074829")
NEW_AUDIT = [('delete', 40), ('delete', 43), ('delete', 45), ('delete', 52), ('update', 1), ('update', 2), ('update', 3), ('update', 4), ('update', 5), ('update', 14), ('update', 15), ('update', 16), ('update', 19), ('update', 21), ('update', 50), ('insert', 10), ('insert', 12), ('insert', 13), ('insert', 20)]


class UndoTest(unittest.TestCase):
    def setUp(self):
        self.con = sqlite3.connect("shop.db")
        self.addCleanup(self.con.close)

    def rows(self, query, *args):
        return self.con.execute(query, args).fetchall()

    def test_articles(self):
        self.assertEqual(self.rows("SELECT * FROM articles ORDER BY id"), ARTICLES)
        self.assertEqual(self.rows("SELECT * FROM offers"), [(1, 42, "sale")])

    def test_old_trail(self):
        old = self.rows("SELECT * FROM audit WHERE id <= ? ORDER BY id", OLD_AUDIT[0])
        self.assertEqual(hashlib.sha256(repr(old).encode()).hexdigest(), OLD_AUDIT[1])

    def test_new_trail(self):
        self.assertEqual(self.rows("SELECT op, article_id FROM audit WHERE id > ? ORDER BY id", OLD_AUDIT[0]), NEW_AUDIT)
        self.assertEqual(self.rows("SELECT DISTINCT actor, at FROM audit WHERE id > ?", OLD_AUDIT[0]), [("undo", "2031-03-05T12:00:00Z")])
        self.assertEqual(self.rows("SELECT * FROM session"), [("undo", "2031-03-05T12:00:00Z")])

    def test_report(self):
        with open("undo.json") as f:
            self.assertEqual(json.load(f), UNDO)

    def test_triggers(self):
        self.assertEqual(self.rows("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"), [(3,)])
