import ast
import io
import json
import os
import pathlib
import signal
import sys
import tempfile
import traceback
import unittest
from unittest import mock  # noqa: F401  imported once here, so that no child has to


def imports(path, modules):
    """Project modules a file imports, wherever the import stands."""
    found = set()
    own = module_name(path)
    for node in ast.walk(ast.parse(pathlib.Path(path).read_text())):
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = own.split(".") if path.name == "__init__.py" else own.split(".")[:-1]
                parts = parts[:len(parts) - node.level + 1]
                base = ".".join(parts + ([node.module] if node.module else []))
            names = [base] + [base + "." + a.name for a in node.names]
        else:
            continue
        for name in names:
            if name in modules:
                found.add(name)
    return found - {own}


def module_name(path):
    parts = list(path.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(skip=("hidden_test", "_original")):
    paths = {module_name(p): p for p in sorted(pathlib.Path(".").rglob("*.py")) if p.stem not in skip and p.parts[0] != "tests"}
    return {name: imports(path, set(paths)) for name, path in paths.items()}, paths


def cycle(edges):
    """Some import cycle, or None."""
    done = set()

    def visit(name, trail):
        if name in trail:
            return trail[trail.index(name):] + [name]
        if name in done:
            return None
        for other in sorted(edges[name]):
            found = visit(other, trail + [name])
            if found:
                return found
        done.add(name)

    for name in edges:
        found = visit(name, [])
        if found:
            return found


def tricks(paths):
    """Imports that do not stand at the top level, and dynamic ones."""
    found = []
    for path in paths.values():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in tree.body:
                found.append((str(path), node.lineno))
            if isinstance(node, ast.Name) and node.id in ("__import__", "exec", "eval"):
                found.append((str(path), node.lineno))
            if isinstance(node, (ast.Import, ast.ImportFrom)) and {"importlib", "runpy", "pkgutil"} & (
                    {a.name.split(".")[0] for a in node.names} | {(getattr(node, "module", None) or "").split(".")[0]}):
                found.append((str(path), node.lineno))
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules":
                found.append((str(path), node.lineno))
    return found


def forget_project():
    """Take every module of this folder out of the interpreter, as if none had been imported."""
    here = os.getcwd()
    for name, module in list(sys.modules.items()):
        places = [getattr(module, "__file__", None) or "", *map(str, getattr(module, "__path__", ()))]
        if any(os.path.abspath(place).startswith(here + os.sep) for place in places if place):
            del sys.modules[name]
    sys.path_importer_cache.clear()


def fresh(code, limit=20):
    """Output of code in a forked child in which no module of the project is imported yet; its traceback if it fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                signal.alarm(limit)
                sys.stdout, sys.stderr = output, io.StringIO()
                path = os.environ["PATH"]
                os.environ.clear()
                os.environ["PATH"] = path
                sys.argv = ["-c"]
                forget_project()
                exec(code, {"__name__": "__main__"})
                output.flush()
                status = 0
            except BaseException:
                output.write(traceback.format_exc())
                output.flush()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        text = output.read()
        return text.strip() if status == 0 else "failed: " + text

LAYERS = [["shop.model"], ["shop.customers", "shop.pricing"], ["shop.mail"], ["shop.stock"], ["shop.orders"], ["shop.report"], ["shop"]]
STORY = """
import {first}
import shop, shop.mail, shop.stock, shop.orders, shop.report, shop.pricing, shop.customers
print(shop.report.daily())
shop.place("Ines", tea=1, cup=1)
shop.place("Ada", pot=1)
try:
    shop.place("Ines", tea=2, cup=9)
except shop.OutOfStock as e:
    print(e)
shop.place("Ines", tea=2)
shop.place("Ines", pot=1)
print(shop.stock.ON_HAND, shop.customers.tier_of("Ines"), len(shop.history()), type(shop.history()).__name__)
print(shop.mail.SENT)
print(shop.daily(), shop.pricing.cheapest(["cup", shop.Order("Ada", {{"tea": 4}}), shop.Order("Bo", {{"tea": 4}})]), shop.orders.history() is shop.history())
"""
WANT = """no orders
cup: 9 wanted, 2 left, 1 sold
{'tea': 5, 'cup': 2, 'pot': 1} silver 4 History
['low stock: cup (2)', 'order of Ines: 1249', 'low stock: pot (2)', 'order of Ada: 2205', 'order of Ines: 500', '3 orders, 3866 cents, cheapest 475', 'low stock: pot (1)', 'order of Ines: 2327']
4 orders, 6193 cents, cheapest 475 Order(customer='Ada', lines={'tea': 4}) True"""
PATCHES = """
from unittest import mock
import shop.mail
from shop.model import Order
with mock.patch("shop.pricing.price_of", lambda sku: 7):
    print(Order("Bo", {"tea": 1}).total(), shop.pricing.cheapest([Order("Bo", {"cup": 3}), "tea"]))
with mock.patch("shop.customers.tier_of", lambda c: "gold"):
    print(Order("Bo", {"pot": 1}).total(), Order("Bo").customer_tier())
with mock.patch("shop.mail.send") as send:
    shop.place("Bo", pot=1)
    shop.place("Bo", tea=1)
    shop.place("Bo", tea=1)
    print([c.args[0] for c in send.call_args_list], shop.mail.SENT)
with mock.patch("shop.report.daily", lambda: "daily"):
    shop.mail.send_daily()
    print(shop.mail.SENT)
"""
PATCHED = """7 tea
2205 gold
['low stock: pot (2)', 'order of Bo: 2450', 'order of Bo: 250', 'order of Bo: 237', '3 orders, 2801 cents, cheapest 237'] []
['daily']"""


class LayerTest(unittest.TestCase):
    def test_layers(self):
        layers = json.loads(pathlib.Path("layers.json").read_text())["layers"]
        self.assertEqual(len(layers), len(LAYERS))
        for new, old in zip(layers, LAYERS):
            self.assertLessEqual(set(old), set(new))
        listed = [m for layer in layers for m in layer]
        self.assertEqual(len(listed), len(set(listed)))
        level = {m: i for i, layer in enumerate(layers) for m in layer}
        edges, paths = graph()
        edges = {k: v for k, v in edges.items() if k.split(".")[0] == "shop"}
        self.assertEqual(set(edges), set(level))
        for name, others in edges.items():
            # "from shop import x" also names the package; only the sub-module is meant.
            for other in others - {"shop"}:
                self.assertLess(level[other], level[name], (name, other))
        self.assertEqual(tricks(paths), [])

    def test_package_is_not_used_from_below(self):
        for name, path in graph()[1].items():
            if name.startswith("shop."):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.ImportFrom) and (node.module == "shop" or node.level and not node.module):
                        for a in node.names:
                            self.assertTrue(pathlib.Path("shop", a.name + ".py").exists(), (name, a.name))
                    if isinstance(node, ast.Import):
                        self.assertNotIn("shop", [a.name for a in node.names])


class BehaviourTest(unittest.TestCase):
    def test_story_whatever_is_first(self):
        for layer in LAYERS:
            for first in layer:
                self.assertEqual(fresh(STORY.format(first=first)), WANT, first)

    def test_nothing_else_imported(self):
        self.assertEqual(fresh("import shop.model as m; print(m.Order('Ada', {'tea': 3}).total())"), "675")
        self.assertEqual(fresh("from shop.stock import take; take('pot', 1); import sys; print(sys.modules['shop.mail'].SENT)"), "['low stock: pot (2)']")
        self.assertEqual(fresh("from shop.customers import tier_of; print(tier_of('Bo'), tier_of('Ada'))"), "plain gold")
        self.assertEqual(fresh("from shop.mail import send_daily, SENT; send_daily(); print(SENT)"), "['no orders']")
        self.assertEqual(fresh("from shop.stock import take\ntry: take('pot', 4)\nexcept Exception as e: print(type(e).__name__, e)"), "OutOfStock pot: 4 wanted, 3 left, 0 sold")

    def test_patches(self):
        self.assertEqual(fresh(PATCHES), PATCHED)

    def test_pickles(self):
        code = "import pickle; o = pickle.load(open('sample.pickle', 'rb')); print(o[0].total(), type(o[0]).__module__, vars(o[0]))"
        self.assertEqual(fresh(code), "450 shop.model {'customer': 'Ada', 'lines': {'tea': 2}}")
        code = "import pickle, shop, shop.orders; o = shop.Order('Bo', {'tea': 1}); print(vars(o) == {'customer': 'Bo', 'lines': {'tea': 1}}, b'shop.model' in pickle.dumps(o), b'shop.orders' in pickle.dumps(shop.orders.History([o])), o, o == shop.Order('Bo', {'tea': 1}), shop.Order.__dataclass_fields__.keys())"
        self.assertEqual(fresh(code), "True True True Order(customer='Bo', lines={'tea': 1}) True dict_keys(['customer', 'lines'])")


if __name__ == "__main__":
    unittest.main()
