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
import machine

WORDS = "+ - * / min dup drop swap over neg pick ? =a =b @a @b = @ == @@ =+ foo ++ - -- -3 --5 5- \u00b2 \u0664 + - dup".split()


def play(module, limit, programs):
    box = module.Machine(limit)
    seen = []
    for program in programs:
        try:
            seen.append(box.run(program))
        except module.MachineError as error:
            seen.append(str(error))
        except Exception as error:
            seen.append(type(error).__name__ + str(error))
        seen.append((list(box.stack), dict(box.names), box.count, box.limit))
    return seen


class CleanupTest(unittest.TestCase):
    def test_same(self):
        rng = random.Random(12)
        for number in range(900):
            pool = rng.sample(WORDS, 9) + ["1", "2", "0", "-4", "7"] * rng.randrange(1, 4)
            programs = [" ".join(rng.choices(pool, k=rng.randrange(0, 9))) for _ in range(3)]
            limit = rng.choice((1000, 1000, 1000, 7, 0))
            self.assertEqual(play(machine, limit, programs), play(_original, limit, programs), programs)

    def test_every_word(self):
        for word in WORDS:
            for start in ("", "3", "3 0", "0 4 2", "2 -1 5 1", "9 8 7 3", "9 8 7 2", "1 -7"):
                program = f"{start} {word}"
                self.assertEqual(play(machine, 50, [program, word]), play(_original, 50, [program, word]), program)
        self.assertEqual(play(machine, 2, ["1 2 3", "4"]), play(_original, 2, ["1 2 3", "4"]))

    def test_separate(self):
        one, two = machine.Machine(), machine.Machine()
        one.run("1 2 =x")
        self.assertEqual((two.stack, two.names, two.count, one.stack), ([], {}, 0, [1]))

        class Plug(machine.Machine):
            pass
        self.assertEqual(Plug(5).run("4 dup *"), 16)

    def test_structure(self):
        text = pathlib.Path("machine.py").read_text()
        root = tree("machine.py")
        for function in functions(root):
            self.assertLessEqual(length(function), 14, function.name)
            self.assertLessEqual(decisions(function), 4, function.name)
        for node in ast.walk(root):
            if isinstance(node, ast.Lambda):
                self.assertEqual(length(node), 1)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.assertLessEqual({getattr(node, "module", None) or a.name for a in node.names}, {"operator"})
            if isinstance(node, ast.Name):
                self.assertNotIn(node.id, ("eval", "exec", "__import__"))
        docs = {id(n.body[0].value) for n in ast.walk(root) if isinstance(n, (ast.Module, ast.ClassDef) + FUNCTION[:2])
                and isinstance(n.body[0], ast.Expr)}
        texts = [n.value for n in ast.walk(root) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs]
        self.assertLessEqual(sum("needs" in t for t in texts), 2)
        for word in ("+", "*", "/", "min", "dup", "drop", "swap", "over", "neg", "pick", "?", "=", "@"):
            self.assertLessEqual(texts.count(word), 1, word)
        self.assertLessEqual(texts.count("-"), 2)
        lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
        self.assertLessEqual(len(lines), 90)
        self.assertLessEqual(max(map(len, lines)), 120)
        self.assertEqual(sorted(p.name for p in pathlib.Path(".").glob("*.py")), ["_original.py", "hidden_test.py", "machine.py"])


if __name__ == "__main__":
    unittest.main()
