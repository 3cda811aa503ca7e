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

import _golden
from desk import app as module


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def story(app, seed, who):
    rng = random.Random(seed)
    sessions = [app.session(*w) for w in who]
    reports, seen = [], []
    for step in range(60):
        session = rng.choice(sessions)
        what = rng.random()
        if what < 0.28:
            got = outcome(session.add, rng.choice(["tea", "pot"]) + str(step), rng.randrange(1, 5) * 125)
        elif what < 0.4:
            got = outcome(session.remove, rng.randrange(1, 9))
        elif what < 0.52:
            got = outcome(session.describe, rng.randrange(1, 7))
        elif what < 0.6:
            reports.append(session.report())
            got = None
        elif what < 0.78 and reports:
            got = outcome(next, rng.choice(reports), "end")
        elif what < 0.84:
            got = outcome(session.dearest, rng.randrange(4))
        elif what < 0.93:
            got = outcome(session.remind, rng.randrange(1, 7), rng.randrange(3))
        else:
            got = app.run_tasks()
        seen.append((step, got, len(app.notes)))
    for report in reports:
        seen.append(list(report))
    seen.append(app.run_tasks())
    seen.append([tuple(note) for note in app.notes])
    return seen


PEOPLE = [[("nord", "ada")], [("nord", "ada"), ("sued", "bo")], [("nord", "ada"), ("nord", "bo"), ("sued", "ada"), ("west", "ada")], [("sued", "x"), ("sued", "x"), ("west", "y")]]


class ContextTest(unittest.TestCase):
    def test_stories(self):
        for seed in range(160):
            who = PEOPLE[seed % 4]
            self.assertEqual(story(module.App(), seed, who), story(_golden.App(), seed, who), seed)

    def test_worlds(self):
        one, two = module.App(), module.App()
        a, b = one.session("nord", "ada"), two.session("nord", "ada")
        self.assertEqual((a.add("tea", 100), a.add("pot", 200), b.add("cup", 300)), (1, 2, 1))
        lines = a.report()
        self.assertEqual(next(lines), "1: tea, 1,00 EUR")
        self.assertEqual((a.describe(1), b.describe(1)), ("tea (1,00 EUR)", "cup (3,00 EUR)"))
        b.remind(1)
        self.assertEqual((one.run_tasks(), two.run_tasks()), ([], ["cup (3,00 EUR)"]))
        self.assertEqual(two.notes, [("nord", "ada", "added 1"), ("nord", "ada", "reminded 1")])
        self.assertEqual(list(lines), ["2: pot, 2,00 EUR", "total 3,00 EUR"])
        with self.assertRaisesRegex(KeyError, "east"):
            one.session("east", "ada")

    def test_descriptions_of_equal_numbers(self):
        app = module.App()
        nord, sued = app.session("nord", "a"), app.session("sued", "a")
        nord.add("tea", 100), sued.add("tea", 100)
        self.assertEqual((nord.describe(1), sued.describe(1), nord.describe(1)), ("tea (1,00 EUR)", "tea (1.00 CHF)", "tea (1,00 EUR)"))
        nord.remove(1)
        self.assertEqual((outcome(nord.describe, 1), sued.describe(1)), ("KeyError: 1", "tea (1.00 CHF)"))

    def test_structure(self):
        for path in pathlib.Path("desk").glob("*.py"):
            root = tree(path)
            for node in ast.walk(root):
                self.assertNotIsInstance(node, (ast.Global,), path)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    names = {a.name.split(".")[0] for a in node.names} | {(getattr(node, "module", None) or "").split(".")[0]}
                    self.assertFalse(names & {"contextvars", "threading", "inspect", "sys", "gc", "_golden"}, path)
                self.assertNotIn(getattr(node, "attr", None), ("cache_clear", "currentframe", "_getframe"))
            for body in [root.body] + [n.body for n in ast.walk(root) if isinstance(n, ast.ClassDef)]:
                for node in body:
                    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, (ast.Dict, ast.List, ast.Set, ast.Call)):
                        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                        if isinstance(target, ast.Name) and isinstance(node.value, (ast.Dict, ast.List, ast.Set)):
                            self.assertTrue(target.id.isupper() or getattr(node.value, "keys", 0) or getattr(node.value, "elts", 0), (path, target.id))
            if path.name == "context.py":
                self.assertEqual(functions(root), [])
                self.assertIn("TENANTS", path.read_text())


if __name__ == "__main__":
    unittest.main()
