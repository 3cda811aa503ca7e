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


import io
import random
import re
import sqlite3
import tokenize

import _original
import queries

SCHEMA = '''CREATE TABLE ticket (id INTEGER PRIMARY KEY, title TEXT, body TEXT, state TEXT, opened INTEGER, owner TEXT);
CREATE TABLE tag (ticket INTEGER, name);
'''


class Recorder:
    def __init__(self, db):
        self.db, self.statements = db, []

    def execute(self, sql, parameters=()):
        self.statements.append(sql)
        return self.db.execute(sql, parameters)


def filled(seed):
    rng = random.Random(seed)
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    words = ["it's", "100%", "a_b", "axb", "Ärger", "ärger", "O''Hara", "", "?", "ab", "AB", None]
    for number in range(1, 26):
        db.execute("INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?)", (number, rng.choice(words), rng.choice(words),
                   rng.choice(["open", "open", "waiting", "closed", "active", "it's", "1"]), rng.choice((5, 10, 10, 15, 20)), rng.choice(["ada", "5", "o'b", None, None])))
        for name in rng.sample(["web", "5", 5, "it's", "x", "", "None"], rng.randrange(4)):
            db.execute("INSERT INTO tag VALUES (?, ?)", (number, name))
    return db


def outcome(function, db, *arguments, **named):
    try:
        got = function(db, *arguments, **named)
    except Exception as error:
        got = type(error).__name__
        if isinstance(error, ValueError):
            got += str(error)
    return repr(got), type(got)


def chosen(rng, names):
    values = {"state": [None, "open", "active", "it's", 1, ""], "text": ["", "it's", "%", "_", "a_b", "ÄR", "''", "?", "ab"],
              "tags": [(), [], ["web"], ["web", "x"], ("5",), [5], [""], ["it's", ""], {"x"}, [None]],
              "since": [None, 0, 10, 10.9, "10", True], "until": [None, 10, 15, 15.5, "20", 0], "owner": [None, "", "ada", 5, "o'b", 0],
              "order": ["opened", "newest", "title", "id; DROP"], "limit": [None, 3, 0, -1, "4", 2.7, 50], "offset": [0, 2, "1", 99, -2]}
    return {name: rng.choice(values[name]) for name in names if rng.random() < 0.55}


COMMON = ["text", "tags", "since", "until"]
CALLS = {"find": COMMON + ["state", "owner", "order", "limit", "offset"], "count": COMMON + ["state", "owner"],
         "owners": COMMON + ["state"], "close_all": COMMON + ["owner"]}


class CleanupTest(unittest.TestCase):
    def test_same(self):
        rng = random.Random(9)
        for seed in range(6):
            old, new = filled(seed), filled(seed)
            for step in range(70):
                for name, names in CALLS.items():
                    if name == "close_all" and step % 8:
                        continue
                    named = chosen(rng, names)
                    want = outcome(getattr(_original, name), old, **named)
                    recorder = Recorder(new)
                    self.assertEqual(outcome(getattr(queries, name), recorder, **named), want, (name, named))
                    if not want[0].strip("'").endswith("Error") and "Error" not in want[0]:
                        self.assertEqual(len(recorder.statements), 1)
                self.assertEqual(list(new.execute("SELECT * FROM ticket")), list(old.execute("SELECT * FROM ticket")))

    def test_one_shot_tags_and_positions(self):
        old, new = filled(1), filled(1)
        for tags in (["x", "web"], ["web", "", "it's"]):
            for name in CALLS:
                self.assertEqual(outcome(getattr(queries, name), new, tags=iter(tags)), outcome(getattr(_original, name), old, tags=iter(tags)), name)
        for arguments in (("open", "b", ("x",), 5, 16, "ada", "newest", 3, 1), ("active",), (None, "a", (), 5)):
            self.assertEqual(queries.find(new, *arguments), _original.find(old, *arguments))
            self.assertEqual(queries.count(new, *arguments[:6]), _original.count(old, *arguments[:6]))

    def test_values_stay_out_of_the_text(self):
        shapes = [{"state": ("stx", "sty")}, {"text": ("txtx", "txty")}, {"tags": (["tagx", "tagz"], ["tagy", "x"])}, {"since": (987654, 12345678)},
                  {"until": (987655, 12345679)}, {"owner": ("ownx", "owny")}, {"limit": (471147, 5), "offset": (81577, 6)},
                  {"state": ("stx", "open"), "text": ("txtx", "b"), "tags": (["tagx"], ["web"]), "since": (98765, 3), "until": (98766, 4), "owner": ("ownx", "o'b")}]
        for name, names in CALLS.items():
            for shape in shapes:
                seen = []
                for which in (0, 1):
                    recorder = Recorder(filled(0))
                    getattr(queries, name)(recorder, **{k: v[which] for k, v in shape.items() if k in names})
                    seen.append(recorder.statements)
                self.assertEqual(seen[0], seen[1], (name, shape))

    def test_structure(self):
        text = pathlib.Path("queries.py").read_text()
        root = tree("queries.py")
        for function in functions(root):
            self.assertLessEqual(length(function), 16, function.name)
            self.assertLessEqual(decisions(function), 4, function.name)
        docs = {n.body[0].value.lineno for n in ast.walk(root) if isinstance(n, (ast.Module, ast.ClassDef) + FUNCTION[:2]) and n.body
                and isinstance(n.body[0], ast.Expr) and isinstance(n.body[0].value, ast.Constant)}
        strings = " ".join(t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.STRING and t.start[0] not in docs)
        for word in ("LIKE", "EXISTS", "NULL", "ORDER", "UPDATE"):
            self.assertEqual(len(re.findall(r"\b%s\b" % word, strings)), 1, word)
        self.assertNotIn("replace", text)
        self.assertLessEqual(sum(bool(l.strip()) and not l.strip().startswith("#") for l in text.splitlines()), 85)
        self.assertLessEqual(max(map(len, text.splitlines())), 130)
        for node in ast.walk(root):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.assertNotIn("_original", ast.unparse(node))


if __name__ == "__main__":
    unittest.main()
