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


import builtins
import contextlib
import copy
import io
import json
import os
import shutil
import tempfile
from datetime import date
from unittest import mock

FLATS = [{"name": "2b", "since": "2024-11-15", "rent_cents": 80050, "day": 5}, {"name": "1a", "since": "2025-01-01", "rent_cents": 50000},
         {"name": "3c", "since": "2025-06-01", "rent_cents": 70000}, {"name": "0", "since": "2025-03-31", "rent_cents": 100, "day": 31}]
PAYMENTS = [{"flat": "2b", "eur": "1601.00"}, {"flat": "9z", "eur": "1"}, {"flat": "1a", "eur": "abc"}, {"flat": "1a", "eur": "500.00"}, {"flat": "2b", "eur": "0.1"},
            {"flat": "4d", "eur": "x"}, {"flat": "2b", "eur": ""}, {"flat": "9z", "eur": "2"}]
DAYS = [date(2025, 3, 1), date(2025, 3, 4), date(2025, 3, 5), date(2025, 2, 28), date(2024, 11, 1), date(2026, 1, 31), date(2025, 4, 30)]


def old(flats, payments, day):
    """Texts, warnings and total of the program as it was."""
    space = {"__name__": "old"}
    exec(compile(pathlib.Path("_original.py").read_text(), "old", "exec"), space)

    class Day(date):
        @classmethod
        def today(cls):
            return day
    space["date"] = Day
    with tempfile.TemporaryDirectory() as folder:
        write(folder, flats, payments)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            total = space["remind"](folder)
        files = {n: pathlib.Path(folder, n).read_text() for n in os.listdir(folder) if n.endswith(".txt")}
    return out.getvalue(), err.getvalue(), total, files


def write(folder, flats, payments):
    pathlib.Path(folder, "flats.json").write_text(json.dumps(flats))
    pathlib.Path(folder, "payments.csv").write_text("flat,eur\n" + "".join(f"{p['flat']},{p['eur']}\n" for p in payments))


class CoreTest(unittest.TestCase):
    def test_core(self):
        import core
        for day in DAYS:
            out, err, total, files = old(FLATS, PAYMENTS, day)
            flats, payments = copy.deepcopy(FLATS), copy.deepcopy(PAYMENTS)
            for _ in range(2):
                with mock.patch.object(builtins, "open", side_effect=AssertionError("open")), mock.patch.object(builtins, "print", side_effect=AssertionError("print")):
                    texts, warnings, got = core.reminders(flats, payments, day)
                self.assertEqual((flats, payments), (FLATS, PAYMENTS))
                self.assertEqual("".join(text + "\n" for _, text in texts) + f"total {got / 100:.2f} EUR\n", out)
                self.assertEqual("".join(f"warning: {w}\n" for w in warnings), err)
                self.assertEqual({name + ".txt": text + "\n" for name, text in texts}, files)
                self.assertEqual(got, total)
                self.assertEqual((type(texts), type(warnings)), (list, list))

    def test_shell(self):
        import rent
        for day in DAYS[:4]:
            out, err, total, files = old(FLATS, PAYMENTS, day)
            asked = []

            class Day(date):
                @classmethod
                def today(cls):
                    asked.append(1)
                    return day
            with tempfile.TemporaryDirectory() as folder:
                write(folder, FLATS, PAYMENTS)
                o, e = io.StringIO(), io.StringIO()
                patches = [mock.patch("datetime.date", Day)] + ([mock.patch("rent.date", Day)] if hasattr(rent, "date") else [])
                with contextlib.ExitStack() as stack:
                    for patch in patches:
                        stack.enter_context(patch)
                    stack.enter_context(contextlib.redirect_stdout(o))
                    stack.enter_context(contextlib.redirect_stderr(e))
                    got = rent.remind(folder)
                self.assertEqual((o.getvalue(), e.getvalue(), got), (out, err, total))
                self.assertEqual({n: pathlib.Path(folder, n).read_text() for n in os.listdir(folder) if n.endswith(".txt")}, files)
                self.assertEqual(len(asked), 1)
        self.assertFalse(hasattr(rent, "LOG"))

    def test_structure(self):
        for node in ast.walk(tree("core.py")):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.assertEqual({getattr(node, "module", None) or a.name for a in node.names}, {"datetime"})
            self.assertNotIn(getattr(node, "attr", None), ("today", "now", "utcnow", "fromtimestamp", "read_text", "write_text"))
            self.assertNotIn(getattr(node, "id", None), ("print", "open", "input", "__import__", "exec", "eval"))
            self.assertNotIsInstance(node, (ast.Global, ast.Nonlocal))
        for node in ast.walk(tree("rent.py")):
            if isinstance(node, ast.Compare):
                self.assertIn("__name__", ast.unparse(node))
            if isinstance(node, ast.BinOp):
                self.assertTrue(isinstance(node.op, ast.Div) and "100" in ast.unparse(node) or isinstance(node.op, ast.Add) and
                                any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in ast.walk(node)) or
                                isinstance(node.op, ast.Div) and "100" not in ast.unparse(node), ast.unparse(node))
            if isinstance(node, ast.AugAssign):
                self.fail(ast.unparse(node))
        self.assertIn("__name__", pathlib.Path("rent.py").read_text())


if __name__ == "__main__":
    unittest.main()
