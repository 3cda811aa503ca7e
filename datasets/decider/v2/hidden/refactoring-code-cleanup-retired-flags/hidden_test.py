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


import hashlib
import json

RETIRED = ["new_basket", "exact_cents", "guest_checkout", "staff_checkout", "one_page", "fast_pay"]
OLD = pathlib.Path("_old_shop.txt").read_text().split("#####")


def load(basket, checkout, asked):
    """The functions of two modules on flags that a test sets."""
    import types
    import zlib
    flags = types.ModuleType("shop.flags")

    def enabled(name, user):
        asked.add(name)
        state = STATES[name]
        return state if isinstance(state, bool) else zlib.crc32(f"{name}:{user}".encode()) % 100 < state
    flags.enabled = enabled
    sys.modules["shop.flags"] = flags
    space = {}
    for text in (basket, checkout):
        exec(compile(text, "shop", "exec"), space)
    return space


STATES = {}
BASKETS = [[], [(199, 1)], [(200, 2), (5, 1)], [(-15, 1), (99, 3)], [(10, 0)], [(-200, 1)], [(1234, 1), (1, 6)]]


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error)


class CleanupTest(unittest.TestCase):
    def test_names(self):
        left = json.loads(pathlib.Path("flags.json").read_text())
        self.assertEqual(left, {"gift_wrap": 30, "member_checkout": 60})
        for path in pathlib.Path("shop").rglob("*.py"):
            for name in RETIRED:
                self.assertNotIn(name, path.read_text())
        self.assertEqual(hashlib.sha256(pathlib.Path("shop/flags.py").read_bytes()).hexdigest(), "0b6a774eaebbb6d1b2efba14bfefdc2c8c1bc4405ad5e55488dce30f057a3675")

    def test_same(self):
        asked = set()
        old = load(*OLD, set())
        new = load(pathlib.Path("shop/basket.py").read_text(), pathlib.Path("shop/checkout.py").read_text(), asked)
        for wrap, member in ((30, 60), (0, 100), (100, 0), (55, 5)):
            STATES.update(json.loads(OLD_FLAGS), gift_wrap=wrap, member_checkout=member)
            for user in ("ada", "bo", "cy", "dee", "", "user7"):
                for basket in BASKETS:
                    for name in ("total", "notes"):
                        self.assertEqual(outcome(new[name], basket, user), outcome(old[name], basket, user), (name, basket, user, wrap))
                for kind in ("guest", "member", "staff", "alien", ""):
                    for name in ("allowed", "steps"):
                        self.assertEqual(outcome(new[name], kind, user), outcome(old[name], kind, user), (name, kind, user, member))
        self.assertLessEqual({name for name in asked if name in STATES}, {"gift_wrap", "member_checkout"})

    def test_no_dead_code(self):
        for path in ("shop/basket.py", "shop/checkout.py"):
            root = tree(path)
            used = {n.id for n in ast.walk(root) if isinstance(n, ast.Name)}
            for function in functions(root):
                self.assertIn(function.name, used | {"total", "notes", "allowed", "steps"})
            for node in ast.walk(root):
                if isinstance(node, (ast.If, ast.IfExp, ast.While)):
                    self.assertNotIsInstance(node.test, ast.Constant)
                if isinstance(node, ast.BoolOp):
                    self.assertFalse(any(isinstance(v, ast.Constant) for v in node.values))
        import collections
        run = collections.Counter()

        def watch(frame, event, argument):
            if frame.f_code.co_filename.endswith(("basket.py", "checkout.py")):
                run[(frame.f_code.co_filename, frame.f_lineno)] += 1
                return watch
        for name in ("shop.flags", "shop"):
            sys.modules.pop(name, None)
        space = {}
        asked = set()
        STATES.clear()
        STATES.update(gift_wrap=50, member_checkout=50)
        load("", "", asked)
        for path in ("shop/basket.py", "shop/checkout.py"):
            exec(compile(pathlib.Path(path).read_text(), path, "exec"), space)
        sys.settrace(watch)
        try:
            for user in map(str, range(12)):
                for basket in BASKETS:
                    outcome(space["total"], basket, user), outcome(space["notes"], basket, user)
                for kind in ("guest", "member", "staff", "alien"):
                    outcome(space["steps"], kind, user)
        finally:
            sys.settrace(None)
        for path in ("shop/basket.py", "shop/checkout.py"):
            for function in functions(tree(path)):
                for node in own(function):
                    if isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                        self.assertTrue(run[(path, node.lineno)], f"{path}:{node.lineno} never runs")


OLD_FLAGS = '''{"new_basket": true, "gift_wrap": 30, "exact_cents": false, "guest_checkout": false, "member_checkout": 60, "staff_checkout": true, "one_page": false, "fast_pay": true}'''

if __name__ == "__main__":
    unittest.main()
