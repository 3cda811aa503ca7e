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

import _original
import channels

TEXTS = ["hello  world", "a; b; c", "x" * 70, "debug: y", "debug", "  debug late", "", "   ", "mail @all now; and then; more of it to come here", "Ünï; code; straße",
         "one; two three four five six seven eight nine ten eleven twelve; thirteen", "tail; ", ";  ; "]


def wire(seed, out):
    rng = random.Random(seed)

    def transmit(text):
        out.append(text)
        if rng.random() < 0.35:
            raise OSError("down %d" % len(out))
        if rng.random() < 0.02:
            raise KeyError("odd")
    return transmit


def story(module, seed):
    rng = random.Random(seed)
    module.COUNTS.clear()
    seen, log, out = [], [], []
    boxes = [getattr(module, name)(wire(seed + i, out), log, *rng.choice([(), ("P",), ("long prefix here",), ("", 12), ("P", 5), ("P", 2)]))
             for i, name in enumerate(("Mail", "Sms", "Chat", "Pager", "Board", rng.choice(("Mail", "Board"))))]
    for _ in range(14):
        box = rng.choice(boxes)
        text = rng.choice(TEXTS)
        try:
            seen.append(box.send(text))
        except Exception as error:
            seen.append((type(error).__name__, str(error)))
        what = rng.random()
        if what < 0.06:
            box.limit = rng.choice((3, 25, 100))
        elif what < 0.12:
            box.tries = rng.choice((1, 2, 4))
        elif what < 0.18:
            box.prefix = rng.choice(("", "Q"))
        elif what < 0.21:
            module.COUNTS["Mail"] = 70
        elif what < 0.24:
            log, box.log = box.log, []
        seen.append((type(box).__name__, box.sent, box.limit, box.tries, box.prefix, list(box.log)[-5:]))
    return seen, log, out, dict(module.COUNTS)


class CleanupTest(unittest.TestCase):
    maxDiff = 2000

    def test_same(self):
        for seed in range(260):
            self.assertEqual(story(channels, seed), story(_original, seed))

    def test_class_attributes(self):
        for name in ("Mail", "Sms", "Chat", "Pager", "Board"):
            new, old = (getattr(m, name)(print, []) for m in (channels, _original))
            self.assertEqual((new.limit, new.tries, new.sent, new.prefix), (old.limit, old.tries, old.sent, old.prefix))
            self.assertEqual(new.__class__.__name__, name)

    def test_structure(self):
        text = pathlib.Path("channels.py").read_text()
        root = tree("channels.py")
        classes = {n.name for n in ast.walk(root) if isinstance(n, ast.ClassDef)}
        for node in ast.walk(root):
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(b) for b in node.bases]
                self.assertEqual(bases, ["Exception"] if node.name == "Refused" else [], node.name)
                self.assertEqual(node.keywords, [])
            if isinstance(node, ast.Name):
                self.assertNotIn(node.id, ("super", "setattr", "eval", "exec", "__import__", "globals", "vars"))
            if isinstance(node, ast.Attribute):
                self.assertNotIn(node.attr, ("__mro__", "__getattr__", "__getattribute__", "__bases__", "__dict__"))
                if isinstance(node.ctx, ast.Store):
                    self.assertFalse(isinstance(node.value, ast.Name) and node.value.id in classes)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type":
                self.assertEqual(len(node.args), 1)
            if isinstance(node, FUNCTION[:2]):
                self.assertNotIn(node.name, ("__getattr__", "__getattribute__"))
            self.assertNotIsInstance(node, (ast.Import, ast.ImportFrom))
        bodies = []
        for function in functions(root):
            self.assertLessEqual(length(function), 15, function.name)
            body = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
            if len(body) > 1:
                bodies.append("".join(map(ast.dump, body)))
        self.assertEqual(len(bodies), len(set(bodies)))
        self.assertLessEqual(sum(bool(l.strip()) and not l.strip().startswith("#") for l in text.splitlines()), 110)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)
        for name in ("Mail", "Sms", "Chat", "Pager", "Board"):
            self.assertEqual(getattr(channels, name).__mro__[1:], (object,))


if __name__ == "__main__":
    unittest.main()
