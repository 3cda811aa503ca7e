import os
import pathlib
import sqlite3
import tempfile
import unittest

from club import members, reports, visits
from club.store import open_store


class ClubTest(unittest.TestCase):
    def setUp(self):
        self.db = open_store(":memory:")
        add = lambda *a: members.add(self.db, *a)
        self.ids = [
            add("ada@club.example", "Ada", "Moor", "2023-01-31", "gold"),
            add("Bo@club.example", "bo", "young_old", "2023-05-15", "basic"),
            add("cy@club.example", "Cy", "Abel", "2023-11-30", "trial"),
            add("di@club.example", "Di", "berg", "2024-02-29", "away"),
            add("ed@club.example", "Ed", "Youngbold", "2024-03-01", "plus"),
            add("flo@club.example", "Flo", "100% Cole", "2024-03-03", "basic"),
        ]

    def run_sql(self, sql, *values):
        rows = self.db.execute(sql, values).fetchall()
        self.db.commit()
        return rows

    def one(self, sql, *values):
        return self.run_sql(sql, *values)[0][0]

    def refused(self, call, *arguments):
        with self.assertRaises(sqlite3.IntegrityError):
            call(*arguments)
        self.db.rollback()

    def test_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "club.db")
            here = os.getcwd()
            db = open_store(path)
            try:
                os.chdir(folder)
                self.assertEqual(members.add(db, "a@x.example", "A", "B", "2024-01-01"), 1)
                db.close()
                db = open_store(path)
                self.assertEqual(members.by_name(db, "a b"), [1])
                members.remove(db, 1)
                self.assertEqual(members.add(db, "a@x.example", "A", "B", "2024-01-01"), 2)
                db.close()
            finally:
                os.chdir(here)

    def test_text_without_case(self):
        self.refused(members.add, self.db, "ADA@Club.example", "A", "B", "2024-01-01")
        self.assertEqual(members.by_name(self.db, "BO YOUNG_OLD"), [2])
        self.assertEqual(members.by_name(self.db, "Bo"), [])
        visits.queue(self.db, "Yoga", 1, 1)
        self.assertEqual(visits.waiting(self.db, "yoga"), [(1, 1)])
        self.refused(self.run_sql, "INSERT INTO waiting (course, pos, member_id) VALUES ('YOGA', 1, 2)")

    def test_refused(self):
        self.refused(members.add, self.db, "x@x.example", "A", "B", "2024-01-01", "golden")
        self.refused(members.add, self.db, "x@x.example", "A" * 21, "B", "2024-01-01")
        self.refused(members.add, self.db, "x@x.example", "A", None, "2024-01-01")
        self.refused(visits.visit, self.db, 77, "2024-01-01")
        self.refused(self.run_sql, "UPDATE member SET sponsor_id = 77 WHERE id = 1")
        self.refused(self.run_sql, "UPDATE member SET state = 'much too long' WHERE id = 1")

    def test_removing(self):
        self.run_sql("UPDATE member SET sponsor_id = 6 WHERE id = 1")
        visits.visit(self.db, 6, "2024-03-04")
        visits.queue(self.db, "yoga", 6, 1)
        members.remove(self.db, 6)
        self.assertEqual(self.run_sql("SELECT (SELECT COUNT(*) FROM visits), (SELECT COUNT(*) FROM waiting), sponsor_id FROM member WHERE id = 1"), [(0, 0, None)])
        self.assertEqual(members.add(self.db, "gil@club.example", "Gil", "Ba", "2024-04-01"), 7)
        self.assertEqual(self.one("SELECT plan || state || balance FROM member WHERE id = 7"), "trialopen0")

    def test_search(self):
        self.assertEqual(members.search(self.db, "YOUNG"), ["young_old", "Youngbold"])
        self.assertEqual(members.search(self.db, "g_o"), ["young_old"])
        self.assertEqual(members.search(self.db, "0%"), ["100% Cole"])
        self.assertEqual(members.search(self.db, "\\"), [])
        self.assertEqual(members.search(self.db, ""), ["100% Cole", "Abel", "berg", "Moor", "young_old", "Youngbold"])

    def test_address(self):
        found = []
        for street, town, source in ((None, None, None), ("A 1", None, "x"), (None, "Bonn", None), ("", "Bonn", ""), (", a", "b", "c"), (None, "", "s")):
            self.run_sql("UPDATE member SET street = ?, town = ?, source = ? WHERE id = 1", street, town, source)
            found.append(members.address(self.db, 1))
        self.assertEqual(found, ["", "A 1, x", "Bonn", ", Bonn, ", ", a, b, c", ", s"])

    def test_set_plan(self):
        self.assertEqual(members.set_plan(self.db, "gold", "2024-01-01"), 2)
        self.assertEqual(members.set_plan(self.db, "gold", "2024-01-01"), 0)
        self.assertEqual([p for p, in self.run_sql("SELECT plan FROM member ORDER BY id")], ["gold", "gold", "gold", "away", "plus", "basic"])

    def old(self):
        self.run_sql("UPDATE member SET changed = '2001-02-03 04:05:06'")
        return self.touched()

    def touched(self):
        return [i for i, in self.run_sql("SELECT id FROM member WHERE changed <> '2001-02-03 04:05:06' ORDER BY id")]

    def test_changed(self):
        self.assertRegex(self.one("SELECT changed FROM member WHERE id = 1"), r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        self.assertEqual(self.old(), [])
        members.set_plan(self.db, "gold", "2024-01-01")
        self.assertEqual(self.touched(), [2, 3])
        self.assertEqual(self.old(), [])
        members.charge(self.db, 4, 0)
        self.assertEqual(self.touched(), [])
        members.charge(self.db, 4, 5)
        self.run_sql("UPDATE member SET town = 'Bonn' WHERE id = 5")
        self.assertEqual(self.touched(), [4, 5])
        self.assertEqual(self.old(), [])
        self.run_sql("UPDATE member SET town = 'Bonn', changed = '2001-02-03 04:05:07' WHERE id = 6")
        self.assertEqual(self.one("SELECT changed FROM member WHERE id = 6"), "2001-02-03 04:05:07")
        self.old()
        self.run_sql("UPDATE member SET town = 'Ulm' WHERE id = 5")
        self.run_sql("UPDATE member SET town = NULL WHERE id = 6")
        self.assertEqual(self.touched(), [5, 6])

    def test_renew(self):
        found = []
        for day, months in (("2024-01-31", 1), ("2023-01-31", 1), ("2024-01-31", 3), ("2024-11-15", 2), ("2024-03-31", -1), ("2024-12-31", 0), ("2024-02-29", 12), ("2024-02-29", 1)):
            self.run_sql("UPDATE member SET paid_until = ? WHERE id = 1", day)
            found.append(members.renew(self.db, 1, months))
        self.assertEqual(found, ["2024-02-29", "2023-02-28", "2024-04-30", "2025-01-15", "2024-02-29", "2024-12-31", "2025-02-28", "2024-03-29"])
        self.assertEqual(members.renew(self.db, 2, 1), "None")

    def test_charge(self):
        self.run_sql("UPDATE member SET balance = 100 WHERE id = 1")
        self.assertEqual([members.charge(self.db, 1, c) for c in (60, 40, 1, -1)], [(40, "open"), (0, "open"), (-1, "blocked"), (0, "open")])

    def test_visit(self):
        for day in (3, 9, 4, 5, 6, 7, 8, 1, 2):
            visits.visit(self.db, 1, f"2024-03-0{day}")
        visits.visit(self.db, 1, "2024-04-01")
        visits.visit(self.db, 2, "2024-03-01")
        sql = "SELECT member_id, month, visits, free, last_day FROM visits ORDER BY 1, 2"
        self.assertEqual(self.run_sql(sql), [(1, "2024-03", 9, 1, "2024-03-09"), (1, "2024-04", 1, 0, "2024-04-01"), (2, "2024-03", 1, 0, "2024-03-01")])
        visits.visit(self.db, 1, "2024-03-31")
        self.assertEqual(self.run_sql(sql)[0], (1, "2024-03", 10, 2, "2024-03-31"))

    def test_queue(self):
        for member, pos in ((1, 1), (2, 1), (3, 1), (4, 2), (5, 9), (6, 3)):
            visits.queue(self.db, "Yoga", member, pos)
        visits.queue(self.db, "chess", 1, 4)
        visits.queue(self.db, "yoga", 1, 2)
        self.assertEqual(visits.waiting(self.db, "yoga"), [(1, 3), (2, 1), (3, 4), (4, 6), (5, 2), (6, 1), (11, 5)])
        self.assertEqual(visits.waiting(self.db, "chess"), [(4, 1)])
        self.assertEqual(visits.clear(self.db, "gold"), 3)
        self.assertEqual(visits.clear(self.db, "gold"), 0)
        self.assertEqual(visits.waiting(self.db, "yoga"), [(1, 3), (3, 4), (4, 6), (5, 2), (11, 5)])

    def test_listing(self):
        self.assertEqual(reports.listing(self.db), [("trial", "Abel"), ("basic", "100% Cole"), ("basic", "young_old"), ("plus", "Youngbold"), ("gold", "Moor"), ("away", "berg")])

    def test_visits_a_member(self):
        for member, months in ((1, {"2024-01": 3, "2024-02": 4}), (2, {"2024-01": 1}), (6, {"2024-01": 1, "2024-02": 3}), (4, {"2024-01": 2})):
            for month, count in months.items():
                self.run_sql("INSERT INTO visits (member_id, month, visits, last_day) VALUES (?, ?, ?, ?)", member, month, count, month + "-01")
        self.assertEqual(reports.visits_a_member(self.db), [("basic", 2.5), ("gold", 7.0), ("away", 2.0)])
        self.run_sql("UPDATE member SET plan = 'basic'")
        self.run_sql("UPDATE visits SET visits = visits + 1 WHERE member_id = 4")
        self.run_sql("DELETE FROM visits WHERE member_id = 2")
        self.run_sql("UPDATE visits SET visits = visits - 1 WHERE member_id = 1 AND visits = 4")
        self.run_sql("UPDATE visits SET visits = visits + 1 WHERE member_id = 1 AND visits = 3 AND month = '2024-01'")
        self.assertEqual(reports.visits_a_member(self.db), [("basic", 4.6667)])

    def test_towns(self):
        for member, town in ((1, "Bonn"), (2, "bonn"), (3, "Ulm"), (4, "ULM"), (5, "Trier"), (6, "Aachen")):
            self.run_sql("UPDATE member SET town = ? WHERE id = ?", town, member)
        self.run_sql("UPDATE member SET plan = 'plus' WHERE id < 4 OR id = 6")
        self.assertEqual(reports.towns(self.db), [("bonn", 2), ("ulm", 2), ("aachen", 1), ("trier", 1)])
        self.assertEqual(reports.towns_of_plans(self.db), [("plus", "ulm; trier; bonn; aachen"), ("away", "ulm")])
        self.run_sql("UPDATE member SET town = NULL WHERE id IN (4, 6)")
        self.assertEqual(reports.towns(self.db), [(None, 2), ("bonn", 2), ("trier", 1), ("ulm", 1)])
        self.assertEqual(reports.towns_of_plans(self.db), [("plus", "ulm; trier; bonn"), ("away", None)])

    def test_by_mail(self):
        for member, source in ((1, "email"), (2, "Email"), (3, "poster"), (4, "cy@club.example"), (5, "ed@club.example")):
            self.run_sql("UPDATE member SET source = ? WHERE id = ?", source, member)
        self.assertEqual(reports.by_mail(self.db), [(1,), (2,)])

    def test_same_sponsor(self):
        self.run_sql("UPDATE member SET sponsor_id = 1 WHERE id IN (3, 5)")
        self.assertEqual(reports.same_sponsor(self.db, 3), [(5,)])
        self.assertEqual(reports.same_sponsor(self.db, 1), [(2,), (4,), (6,)])

    def test_membership(self):
        self.assertEqual(reports.membership(self.db, "2024-03-30"), [(1, 13, 1), (2, 10, 0), (3, 4, 3), (4, 1, 3), (5, 0, 4), (6, 0, 6)])
        self.assertEqual([row[1] for row in reports.membership(self.db, "2024-04-01")], [14, 10, 4, 1, 1, 0])


class SourceTest(unittest.TestCase):
    def test_mysql_is_gone(self):
        for path in pathlib.Path("club").glob("*.py"):
            self.assertNotIn("MySQLdb", path.read_text())


if __name__ == "__main__":
    unittest.main()
