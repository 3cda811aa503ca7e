import ast
import itertools
import pathlib
import unittest

import _original
import shipping
from cart import grand_total

BLOCKS = (ast.If, ast.For, ast.While, ast.Try, ast.With)


def depth(body):
    deepest = 0
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.If):
            here = 1 + depth(node.body)
            rest = node.orelse
            # elif: the else branch is exactly one if at the same column
            if len(rest) == 1 and isinstance(rest[0], ast.If) and rest[0].col_offset == node.col_offset:
                here = max(here, depth(rest))
            elif rest:
                here = max(here, 1 + depth(rest))
        elif isinstance(node, BLOCKS) or isinstance(node, ast.Match):
            parts = [getattr(node, "body", []), getattr(node, "orelse", []), getattr(node, "finalbody", [])]
            parts += [h.body for h in getattr(node, "handlers", [])] + [c.body for c in getattr(node, "cases", [])]
            here = 1 + max(depth(p) for p in parts)
        else:
            here = 0
        deepest = max(deepest, here)
    return deepest


class CleanupTest(unittest.TestCase):
    def test_behaviour(self):
        axes = (("DE", "AT", "CH", "FR", "de"), (-1, 0, 1, 1999, 2000, 2001, 4999, 5000, 5001),
                (0, 4999, 5000, 5001, 14999, 15000, 15001), (True, False), (True, False))
        for values in itertools.product(*axes):
            order = dict(zip(("country", "grams", "total_cents", "express", "member"), values))
            self.assertEqual(shipping.shipping_cents(dict(order)), _original.shipping_cents(order), order)

    def test_cart(self):
        order = {"country": "DE", "grams": 100, "total_cents": 1000, "express": False, "member": False}
        self.assertEqual(grand_total(order), 1390)

    def test_structure(self):
        tree = ast.parse(pathlib.Path("shipping.py").read_text())
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        self.assertIn("shipping_cents", [f.name for f in functions if f in tree.body])
        for f in functions:
            self.assertLessEqual(depth(f.body), 2, f.name)
            self.assertLessEqual(f.end_lineno - f.lineno + 1, 20, f.name)
        for node in ast.walk(tree):
            self.assertNotIsInstance(node, (ast.Import, ast.ImportFrom))
            if isinstance(node, ast.Name):
                self.assertNotIn(node.id, ("eval", "exec", "__import__"))
            if isinstance(node, ast.IfExp):
                self.assertEqual(1, sum(isinstance(x, ast.IfExp) for x in ast.walk(node)))


if __name__ == "__main__":
    unittest.main()
