import ast
import inspect
import pathlib
import random
import unittest
from unittest import mock

import _original
import orders_import

TREE = ast.parse(pathlib.Path("orders_import.py").read_text())
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
FUNCTIONS = [n for n in ast.walk(TREE) if isinstance(n, FUNCTION)]


def own(node):
    """All nodes of a function without those of nested functions."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, FUNCTION):
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


def depth(body):
    deepest = 0
    for node in body:
        if isinstance(node, FUNCTION + (ast.ClassDef,)):
            continue
        if isinstance(node, ast.If):
            rest = node.orelse
            is_elif = len(rest) == 1 and isinstance(rest[0], ast.If) and rest[0].col_offset == node.col_offset
            here = max(1 + depth(node.body), depth(rest) if is_elif else 1 + depth(rest))
        elif isinstance(node, (ast.For, ast.While, ast.Try, ast.With, ast.Match)):
            parts = [getattr(node, f, []) for f in ("body", "orelse", "finalbody")]
            parts += [h.body for h in getattr(node, "handlers", [])] + [c.body for c in getattr(node, "cases", [])]
            here = 1 + max(depth(p) for p in parts)
        else:
            here = 0
        deepest = max(deepest, here)
    return deepest


class Log:
    def __init__(self):
        self.seen = []

    def append(self, event):
        self.seen.append(event)


class Lines:
    def __init__(self, lines):
        self.left = iter(lines)
        self.read = 0

    def __iter__(self):
        return self

    def __next__(self):
        line = next(self.left)
        self.read += 1
        return line


def observe(module, lines, known, strict, log):
    source = Lines(lines)
    known = set(known)
    try:
        result = module.import_orders(source, known, strict=strict, log=log)
        if result[0]:
            result = (result[0], [list(o["items"].items()) for o in result[0]], [list(o) for o in result[0]], result[1])
        result = repr(result)
    except ValueError as error:
        result = "ValueError: " + str(error)
    return result, sorted(known), log.seen if log is not None else None, source.read, module.last_id()


class CleanupTest(unittest.TestCase):
    def test_behaviour(self):
        rnd = random.Random(8)
        numbers = ["1", " 2 ", "1_0", "x", "", "-5", "7.0", "2", "30", "31", "32", "33", "+4"]
        items = ["tea", "tea*2", " cup * 3 ", "cup*0", "cup*-1", "cup*x", "", " ", "*2", "a*b*2", "a*", "tea *1", "*", "pot*1_0"]
        flags = ["", "G", "X", "GX", "G X", "g", "Q", "GQX", "XX", " Z", "\t"]
        for number in range(3000):
            lines = []
            for _ in range(rnd.randint(0, 6)):
                parts = [rnd.choice(numbers), rnd.choice(["Ines", "", "  ", " Otto "]),
                         ",".join(rnd.choice(items[:3] if rnd.random() < .6 else items) for _ in range(rnd.randint(0, 3)))]
                if rnd.random() < .5:
                    parts.append(rnd.choice(flags))
                if rnd.random() < .1:
                    parts.append("more")
                if rnd.random() < .1:
                    parts = parts[:rnd.randint(1, 2)]
                line = ";".join(parts)
                lines.append(rnd.choice(["", "", "", "", "", "#", " ", " #"]) + line + rnd.choice(["\n", "", "\n\n", "\r\n"]))
            known, strict = {rnd.choice([1, 2, 10, 30])}, rnd.random() < .4
            with_log = rnd.random() < .8
            want = observe(_original, lines, known, strict, Log() if with_log else None)
            got = observe(orders_import, lines, known, strict, Log() if with_log else None)
            self.assertEqual(got, want, lines)

    def test_log_order_within_an_order(self):
        for text in ("5;a;x*0,y*0;Q", "5;a;x;QR", "5;a;x*0,y", "5;a;y,x*q,z*0"):
            self.assertEqual(observe(orders_import, [text], [], False, Log())[:4], observe(_original, [text], [], False, Log())[:4])

    def test_interrupt(self):
        for line in ("1;a;tea", "1;a;tea*2"):
            real, calls = int, []

            def interrupted(text, *rest):
                calls.append(text)
                if len(calls) == 1 + ("*" in line):
                    raise KeyboardInterrupt
                return real(text, *rest)
            with mock.patch.object(orders_import, "int", interrupted, create=True):
                with self.assertRaises(KeyboardInterrupt):
                    orders_import.import_orders([line], set())

    def test_signatures(self):
        self.assertEqual(str(inspect.signature(orders_import.import_orders)), "(lines, known, strict=False, log=None)")
        self.assertEqual(str(inspect.signature(orders_import.last_id)), "()")

    def test_structure(self):
        for f in FUNCTIONS:
            a = f.args
            self.assertLessEqual(f.end_lineno - f.lineno + 1, 18, f.name)
            self.assertLessEqual(len(a.posonlyargs + a.args + a.kwonlyargs) + bool(a.vararg) + bool(a.kwarg), 4, f.name)
            self.assertLessEqual(decisions(f), 5, f.name)
            self.assertLessEqual(depth(f.body), 2, f.name)

    def test_forbidden(self):
        for n in ast.walk(TREE):
            self.assertNotIsInstance(n, (ast.Global, ast.Nonlocal))
            if isinstance(n, ast.ExceptHandler):
                self.assertIsNotNone(n.type)
                names = {x.id for x in ast.walk(n.type) if isinstance(x, ast.Name)}
                self.assertFalse(names & {"Exception", "BaseException"})
            if isinstance(n, ast.Import):
                self.assertLessEqual({x.name for x in n.names}, {"re", "dataclasses", "typing"})
            if isinstance(n, ast.ImportFrom):
                self.assertIn(n.module, ("re", "dataclasses", "typing", "__future__"))
            if isinstance(n, ast.Name):
                self.assertNotIn(n.id, ("eval", "exec", "__import__", "globals"))


if __name__ == "__main__":
    unittest.main()
