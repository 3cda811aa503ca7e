import ast
import copy
import hashlib
import pathlib
import unittest
from datetime import datetime, timedelta, timezone

import storage_v2
from depot import articles, counters, sessions
from storage_v2 import Client, Conflict, NotFound

T0 = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
MS = int(T0.timestamp() * 1000)


class Strict(Client):
    """Counts calls, refuses floats, checks that values stay, and lets others interfere before a write."""
    PAGE = 2

    def __init__(self):
        self.time, self.calls, self.interfere, self.copies = T0, [], [], {}
        super().__init__(now=lambda: self.time)

    def raw(self, key, value):
        Client.save(self, key, value, if_match=self._records[key].etag if key in self._records else None)
        self.copies[key] = copy.deepcopy(value)

    def fetch(self, key):
        self.calls.append(("fetch", key))
        return super().fetch(key)

    def meet(self):
        if self.interfere:
            step = self.interfere.pop(0)
            if step:
                step()

    def save(self, key, value, *, if_match):
        self.calls.append(("save", key))
        def walk(x):
            assert type(x) in (dict, list, str, int, bool, type(None)), x
            for y in x.values() if type(x) is dict else x if type(x) is list else ():
                walk(y)
        walk(value)
        self.meet()
        etag = super().save(key, value, if_match=if_match)
        self.copies[key] = copy.deepcopy(value)
        return etag

    def remove(self, key, *, if_match):
        self.calls.append(("remove", key))
        self.meet()
        current = self._records.get(key)
        if current is None:
            raise NotFound(key)
        if current.etag != if_match:
            raise Conflict(key)
        del self._records[key]

    def keys(self, prefix, cursor=None):
        self.calls.append(("keys", cursor))
        found = sorted(k for k in self._records if k.startswith(prefix))
        start = 0 if cursor is None else int(cursor.split("#")[1])
        # every second page is empty
        if start % 2:
            page, after = found[start // 2 * 2:start // 2 * 2 + 2], start + 1
        else:
            page, after = [], start + 1
        more = (after // 2) * 2 < len(found)
        return page, f"c#{after}" if more else None

    def names(self, kind):
        return [k for c, k in self.calls if c == kind]


class Base(unittest.TestCase):
    def setUp(self):
        self.s = Strict()

    def tearDown(self):
        for key, record in self.s._records.items():
            self.assertEqual(record.value, self.s.copies[key], "changed in place")


class ArticlesTest(Base):
    def test_round_trip(self):
        articles.save_article(self.s, "a", "Tea", 2.5, ["x", "b", "x"])
        articles.save_article(self.s, "b", "Cup", 0.29)
        articles.save_article(self.s, "c", "Pot", 1.15)
        self.assertEqual(self.s._records["article/a"].value, {"name": "Tea", "price_cents": 250, "tags": ["b", "x"]})
        self.assertEqual([self.s._records["article/" + k].value["price_cents"] for k in "bc"], [29, 115])
        got = articles.article(self.s, "a")
        self.assertEqual(got, {"name": "Tea", "price": 2.5, "tags": ["b", "x"]})
        got["tags"].append("q")
        self.assertEqual([articles.article(self.s, k)["price"] for k in "bc"], [0.29, 1.15])
        self.assertIsNone(articles.article(self.s, "zz"))

    def test_overwrite(self):
        articles.save_article(self.s, "a", "Tea", 2.5)
        self.s.interfere = [None, lambda: self.s.raw("article/a", {"name": "Other", "price_cents": 1, "tags": []})]
        articles.save_article(self.s, "a", "Tea", 2.6)
        articles.save_article(self.s, "a", "Tea", 2.7)
        self.assertEqual(self.s._records["article/a"].value["price_cents"], 270)
        before = len(self.s.names("save"))
        articles.save_article(self.s, "a", "Tea", 2.7, ())
        self.assertEqual(len(self.s.names("save")), before)

    def test_created_or_vanished_meanwhile(self):
        self.s.interfere = [lambda: self.s.raw("article/a", {"name": "Other", "price_cents": 1, "tags": []})]
        articles.save_article(self.s, "a", "Tea", 1.0)
        self.assertEqual(self.s._records["article/a"].value["name"], "Tea")
        self.s.interfere = [lambda: self.s._records.pop("article/a")]
        articles.save_article(self.s, "a", "Tea", 3.0)
        self.assertEqual(self.s._records["article/a"].value["price_cents"], 300)

    def test_tags(self):
        with self.assertRaises(KeyError):
            articles.add_tag(self.s, "a", "x")
        articles.save_article(self.s, "a", "Tea", 2.5, ["m"])
        self.s.interfere = [lambda: self.s.raw("article/a", {"name": "Tea", "price_cents": 250, "tags": ["m", "z"]})]
        self.assertEqual(articles.add_tag(self.s, "a", "b"), ["b", "m", "z"])
        before = len(self.s.names("save"))
        got = articles.add_tag(self.s, "a", "z")
        self.assertEqual((got, len(self.s.names("save"))), (["b", "m", "z"], before))
        got.append("mine")
        self.s.interfere = [lambda: self.s._records.pop("article/a")]
        with self.assertRaises(KeyError):
            articles.add_tag(self.s, "a", "new")
        self.assertNotIn("article/a", self.s._records)

    def test_raise_prices(self):
        prices = {"a": 250, "b": 10, "c": 4, "d": 999, "e": 50, "f": 29}
        for sku, cents in prices.items():
            self.s.raw("article/" + sku, {"name": sku, "price_cents": cents, "tags": []})
        self.s.raw("session/x", {"user": "u"})
        self.assertEqual(articles.raise_prices(self.s, 5), 5)
        self.assertEqual({k: self.s._records["article/" + k].value["price_cents"] for k in prices},
                         {"a": 263, "b": 11, "c": 4, "d": 1049, "e": 53, "f": 30})
        self.assertEqual(sorted(self.s.names("save")), ["article/" + k for k in "abdef"])
        self.assertEqual(articles.raise_prices(self.s, 0), 0)

    def test_raise_prices_meets_others(self):
        for sku in "abc":
            self.s.raw("article/" + sku, {"name": sku, "price_cents": 100, "tags": []})
        def other():
            self.s.raw("article/a", {"name": "new", "price_cents": 200, "tags": ["t"]})
            self.s._records.pop("article/c")
        self.s.interfere = [other]
        self.assertEqual(articles.raise_prices(self.s, 10), 2)
        self.assertEqual(self.s._records["article/a"].value, {"name": "new", "price_cents": 220, "tags": ["t"]})
        self.assertEqual(self.s._records["article/b"].value["price_cents"], 110)
        self.assertNotIn("article/c", self.s._records)


class CountersTest(Base):
    def test_numbers(self):
        self.assertEqual(counters.peek(self.s, "i"), 0)
        self.assertEqual([counters.next_number(self.s, "i") for _ in range(3)], [1, 2, 3])
        self.assertEqual(counters.peek(self.s, "i"), 3)

    def test_race(self):
        self.s.interfere = [lambda: self.s.raw("counter/i", {"n": 7}), lambda: self.s.raw("counter/i", {"n": 9}), None]
        self.assertEqual(counters.next_number(self.s, "i"), 10)

    def test_five_attempts(self):
        bump = lambda: self.s.raw("counter/i", {"n": len(self.s.calls)})
        self.s.interfere = [bump] * 4
        counters.next_number(self.s, "i")
        self.assertEqual(len(self.s.names("save")), 5)
        self.s.calls, self.s.interfere = [], [bump] * 9
        with self.assertRaises(Conflict):
            counters.next_number(self.s, "i")
        self.assertEqual(len(self.s.names("save")), 5)


class SessionsTest(Base):
    def test_touch_renews(self):
        sessions.touch(self.s, "x", "Ada")
        self.s.time = T0 + timedelta(hours=1)
        sessions.touch(self.s, "x", "Ada")
        self.assertEqual(self.s._records["session/x"].modified, self.s.time)
        self.s.interfere = [lambda: self.s.raw("session/x", {"user": "Eve"})]
        sessions.touch(self.s, "x", "Bo")
        self.assertEqual(self.s._records["session/x"].value, {"user": "Bo"})

    def test_close(self):
        self.assertIs(sessions.close(self.s, "x"), False)
        sessions.touch(self.s, "x", "Ada")
        self.s.interfere = [lambda: self.s.raw("session/x", {"user": "Eve"})]
        self.assertIs(sessions.close(self.s, "x"), True)
        sessions.touch(self.s, "x", "Ada")
        self.s.interfere = [lambda: self.s._records.pop("session/x")]
        self.assertIs(sessions.close(self.s, "x"), False)
        sessions.touch(self.s, "x", "Ada")
        self.s.calls, self.s.interfere = [], [lambda: self.s.raw("session/x", {"user": str(len(self.s.calls))})] * 9
        with self.assertRaises(Conflict):
            sessions.close(self.s, "x")
        self.assertEqual(len(self.s.names("remove")), 5)

    def test_purge(self):
        for n in range(9):
            self.s.time = T0 + timedelta(milliseconds=n)
            self.s.raw(f"session/s{n}", {"user": "u"})
        self.assertEqual(sessions.count(self.s), 9)
        self.assertEqual(self.s.names("fetch"), [])
        self.assertEqual(sessions.purge(self.s, MS + 5), ["s0", "s1", "s2", "s3", "s4"])
        self.assertEqual(sessions.purge(self.s, MS + 5), [])
        self.assertEqual(sessions.count(self.s), 4)

    def test_purge_spares_the_renewed(self):
        for n in range(4):
            self.s.raw(f"session/s{n}", {"user": "u"})
        def other():
            self.s.time = T0 + timedelta(hours=1)
            self.s.raw("session/s0", {"user": "u"})
            self.s._records.pop("session/s2")
        self.s.interfere = [other]
        self.assertEqual(sessions.purge(self.s, MS + 1), ["s1", "s3"])
        self.assertEqual([k for k in self.s._records], ["session/s0"])

    def test_purge_vanishing(self):
        for n in range(3):
            self.s.raw(f"session/s{n}", {"user": "u"})
        self.s.interfere = [lambda: self.s._records.pop("session/s0")]
        self.assertEqual(sessions.purge(self.s, MS + 1), ["s1", "s2"])


class ProjectTest(unittest.TestCase):
    def test_version_1_is_gone(self):
        self.assertFalse(pathlib.Path("storage_v1.py").exists())
        for path in pathlib.Path("depot").rglob("*.py"):
            text = path.read_text()
            self.assertNotIn("storage_v1", text)
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Attribute):
                    self.assertNotIn(node.attr, ("_records", "_counter", "_now"))


if __name__ == "__main__":
    unittest.main()
