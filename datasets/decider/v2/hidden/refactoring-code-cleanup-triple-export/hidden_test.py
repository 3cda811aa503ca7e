import ast
import copy
import inspect
import pathlib
import random
import unittest

import _original
import exporters

TEXT = pathlib.Path("exporters.py").read_text()
TREE = ast.parse(TEXT)
FUNCTIONS = [n for n in ast.walk(TREE) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def blocks(function):
    """Statement lists of a function without those of nested functions."""
    todo = [function]
    while todo:
        node = todo.pop()
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                if node is function and field == "body" and ast.get_docstring(function) is not None:
                    block = block[1:]
                yield block
                todo += [s for s in block if not isinstance(s, (ast.FunctionDef, ast.ClassDef))]
        todo += getattr(node, "handlers", []) + getattr(node, "cases", [])


class CleanupTest(unittest.TestCase):
    def test_behaviour(self):
        rnd = random.Random(3)
        for number in range(400):
            rows = [{"site": rnd.choice(["North", "a|b", 'x "y"', "p,q", "R&D <1>", "South", "\\|"]),
                     "day": "2025-01-%02d" % rnd.randint(1, 5), "valid": rnd.choice([True, True, False, 1, 0]),
                     "value": rnd.choice([None, 0.0, -0.04, rnd.random() * 100, rnd.random() / 1000, 1e16, 0.1, 0.2])}
                    for _ in range(rnd.randint(0, 9))]
            since = rnd.choice(["", "2025-01-03", "2025-01-05", "2026"])
            for name in ("export_csv", "export_markdown", "export_html"):
                kept = copy.deepcopy(rows)
                want = getattr(_original, name)(copy.deepcopy(rows), since)
                self.assertEqual(getattr(exporters, name)(rows, since), want, (name, kept))
                self.assertEqual(rows, kept)
                self.assertEqual(getattr(exporters, name)((r for r in rows), since=since), want, name)
            self.assertEqual(exporters.export_csv(rows), _original.export_csv(rows))

    def test_signatures(self):
        for name in ("export_csv", "export_markdown", "export_html"):
            self.assertEqual(str(inspect.signature(getattr(exporters, name))), "(rows, since='')")

    def test_size(self):
        for f in FUNCTIONS:
            self.assertLessEqual(f.end_lineno - f.lineno + 1, 16, f.name)
            self.assertLessEqual(sum(isinstance(n, (ast.For, ast.While)) for n in ast.walk(f)), 1, f.name)
        lines = [x.strip() for x in TEXT.splitlines()]
        self.assertLessEqual(len([x for x in lines if x and not x.startswith("#")]), 70)

    def test_no_duplicates(self):
        seen = {}
        for f in FUNCTIONS:
            pairs = {tuple(ast.dump(s) for s in pair) for block in blocks(f) for pair in zip(block, block[1:])}
            for pair in pairs:
                self.assertNotIn(pair, seen, (f.name, seen.get(pair)))
                seen[pair] = f.name

    def test_keys(self):
        words = [n.value for n in ast.walk(TREE) if isinstance(n, ast.Constant)]
        self.assertLessEqual(words.count("valid"), 3)
        self.assertLessEqual(words.count("value"), 5)
        for node in ast.walk(TREE):
            self.assertNotIsInstance(node, (ast.Import, ast.ImportFrom))
            if isinstance(node, ast.Name):
                self.assertNotIn(node.id, ("eval", "exec", "__import__", "globals"))


if __name__ == "__main__":
    unittest.main()
