import ast
import pathlib
import sys
import unittest

sys.path.insert(0, "")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def tree(path):
    return ast.parse(pathlib.Path(path).read_text())


def functions(root):
    return [n for n in ast.walk(root) if isinstance(n, FUNCTION[:2])]


def own(node):
    """All nodes of a function without those of nested functions (lambdas belong to it)."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, FUNCTION[:2]):
            yield from own(child)


def decisions(function):
    count = 0
    for n in own(function):
        if isinstance(n, (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.IfExp)):
            count += 1
        elif isinstance(n, ast.comprehension):
            count += 1 + len(n.ifs)
        elif isinstance(n, ast.BoolOp):
            count += len(n.values) - 1
        elif isinstance(n, ast.Match):
            count += len(n.cases)
    return count


def length(node):
    return node.end_lineno - node.lineno + 1


import random
import re
import sqlite3
import types

SCHEMA = '''CREATE TABLE article (number INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE tag (article INTEGER, name TEXT);
CREATE TABLE rating (article INTEGER, stars INTEGER NOT NULL);
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER, day TEXT NOT NULL);
CREATE TABLE line (purchase INTEGER, article INTEGER, count INTEGER NOT NULL);
'''
OLD = {}
for _name in ("catalog", "orders", "rank"):
    OLD[_name] = types.ModuleType(_name)
    exec(compile(pathlib.Path("_old_" + _name + ".txt").read_text(), _name, "exec"), OLD[_name].__dict__)


class Db:
    """Counts statements and parameters."""

    def __init__(self, db):
        self.db, self.log = db, []

    def execute(self, sql, parameters=()):
        self.log.append((sql, list(parameters)))
        return self.db.execute(sql, parameters)


def filled(seed, much=1):
    rng = random.Random(seed)
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    articles = rng.sample(range(1, 12 * much), rng.randrange(3, 9 * much))
    db.executemany("INSERT INTO article VALUES (?, ?, ?)", [(n, rng.choice(["tea", "pot", "cup", "zoo", "Äpfel", "tea 2"]) + rng.choice(["", str(n)]), rng.randrange(5, 900)) for n in articles])
    any_article = lambda: rng.randrange(1, 12 * much)
    db.executemany("INSERT INTO tag VALUES (?, ?)", [(any_article(), rng.choice("abcdefg")) for _ in range(14 * much)])
    db.executemany("INSERT INTO rating VALUES (?, ?)", [(any_article(), rng.randrange(1, 6)) for _ in range(9 * much)])
    db.executemany("INSERT INTO customer VALUES (?, ?)", [(n, rng.choice(["Ada", "Bo", None])) for n in (1, 2, 3)])
    orders = rng.sample(range(1, 20 * much), 8 * much)
    db.executemany("INSERT INTO purchase VALUES (?, ?, ?)", [(n, rng.choice((1, 2, 3, 4, None)), "2025-0%d-1%d" % (rng.randrange(1, 4), rng.randrange(3))) for n in orders])
    db.executemany("INSERT INTO line VALUES (?, ?, ?)", [(rng.randrange(1, 20 * much), any_article(), rng.choice((0, 1, 1, 2, 5, -1))) for _ in range(26 * much)])
    return db


def outcome(function, *arguments):
    try:
        got = function(*arguments)
        return repr(got)
    except Exception as error:
        return type(error).__name__ + str(error)


MOST = {"article_page": 2, "list_page": 3, "order_page": 3, "customer_orders": 1, "best_sellers": 2, "unsold": 1}


class StoreTest(unittest.TestCase):
    def setUp(self):
        from pages import catalog, orders, rank
        self.new = {"catalog": catalog, "orders": orders, "rank": rank}

    def compare(self, db, module, name, *arguments):
        want = outcome(getattr(OLD[module], name), db, *arguments)
        counted = Db(db)
        self.assertEqual(outcome(getattr(self.new[module], name), counted, *arguments), want, (name, arguments))
        self.assertLessEqual(len(counted.log), MOST[name], name)
        for sql, parameters in counted.log:
            self.assertLessEqual(len(parameters), 100)
            self.assertIsNone(re.search(r"(?i)\b(insert|create|update|delete|attach)\b", sql))
        return counted.log

    def play(self, db, numbers):
        for number in numbers:
            self.compare(db, "catalog", "article_page", number)
            self.compare(db, "orders", "order_page", number)
        for limit in (0, 1, 4, 1000, -1):
            self.compare(db, "catalog", "list_page", limit)
        self.compare(db, "catalog", "list_page")
        for customer in (1, 2, 3, 4, 9, None):
            self.compare(db, "orders", "customer_orders", customer)
        for since in ("", "2025-01-11", "2025-02-10", "2025-03-12", "2026"):
            for limit in (0, 1, 3, 500):
                self.compare(db, "rank", "best_sellers", since, limit)
            self.compare(db, "rank", "unsold", since)

    def test_same(self):
        for seed in range(12):
            self.play(filled(seed), range(0, 21, 1 + seed % 3))

    def test_much(self):
        self.play(filled(5, 25), range(1, 300, 40))

    def test_values_stay_out(self):
        db = filled(3)
        for calls in ([("catalog", "article_page", 7111), ("catalog", "article_page", 7222)], [("orders", "order_page", 3), ("orders", "order_page", 5)],
                      [("rank", "unsold", "2025-01-10"), ("rank", "unsold", "2025-02-11")], [("orders", "customer_orders", 1), ("orders", "customer_orders", 2)],
                      [("catalog", "list_page", 4711), ("catalog", "list_page", 4712)]):
            first, second = ([sql for sql, _ in self.compare(db, *call)] for call in calls)
            self.assertEqual(first[0], second[0])

    def test_structure(self):
        for path in pathlib.Path("pages").glob("*.py"):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Attribute):
                    self.assertNotIn(node.attr, ("execute", "executemany", "executescript", "fetchall", "fetchone", "cursor"))
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.assertIsNone(re.search(r"\b(SELECT|FROM|WHERE)\b", node.value), path)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    self.assertNotIn("sqlite3", ast.unparse(node))
        for node in ast.walk(tree("store.py")):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.assertNotIn("pages", ast.unparse(node))
            if isinstance(node, ast.Name):
                self.assertNotIn(node.id, ("global", "cache", "lru_cache"))
        self.assertEqual(pathlib.Path("schema.sql").read_text(), SCHEMA)


if __name__ == "__main__":
    unittest.main()
