import re
import sqlite3
import unittest


class IndexesTest(unittest.TestCase):
    def setUp(self):
        with open("indexes.sql", encoding="utf-8") as f:
            self.text = re.sub(r"--[^\n]*", "", f.read())
        self.con = sqlite3.connect(":memory:")
        with open("schema.sql", encoding="utf-8") as f:
            self.con.executescript(f.read())
        self.con.executescript(self.text)

    def plans(self):
        with open("queries.sql", encoding="utf-8") as f:
            found = re.findall(r"-- (q\d)[^\n]*\n([^;]*);", f.read())
        for name, query in found:
            rows = self.con.execute("EXPLAIN QUERY PLAN " + query, [""] * len(set(re.findall(r"\?\d", query))))
            yield name, [r[3] for r in rows]

    def test_only_five_indexes(self):
        statements = [s.strip() for s in self.text.split(";") if s.strip()]
        self.assertLessEqual(len(statements), 5)
        for s in statements:
            self.assertRegex(s.upper(), r"^CREATE (UNIQUE )?INDEX ")
        self.assertEqual(self.con.execute("SELECT COUNT(*) FROM sqlite_master WHERE sql LIKE '%UNIQUE%'").fetchone(), (0,))

    def test_no_scans(self):
        for name, plan in self.plans():
            for step in plan:
                self.assertNotRegex(step, r"^SCAN (?!CONSTANT)", name)

    def test_no_sorting(self):
        for name, plan in self.plans():
            self.assertNotIn("TEMP B-TREE", "; ".join(plan), name)

    def test_no_automatic_index(self):
        for name, plan in self.plans():
            self.assertNotIn("AUTOMATIC", "; ".join(plan), name)

    def test_covering(self):
        plan = dict(self.plans())
        self.assertIn("COVERING INDEX", plan["q5"][0])

    def test_width(self):
        columns = sum(len(self.con.execute("SELECT * FROM pragma_index_info(?)", (n,)).fetchall())
                      for (n,) in self.con.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        self.assertLessEqual(columns, 9)
