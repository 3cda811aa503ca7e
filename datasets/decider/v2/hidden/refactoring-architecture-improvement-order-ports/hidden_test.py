import ast
import dataclasses
import inspect
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest
from datetime import date, timedelta


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


class Fake:
    """Repository and notifier in one, with the declared methods only."""

    def __init__(self):
        self.orders, self.sent, self.calls = {}, [], []

    def add(self, order):
        number = 10 + len(self.orders)
        self.orders[number] = dataclasses.replace(order, number=number)
        return number

    def get(self, number):
        return self.orders.get(number)

    def replace(self, order):
        self.orders[order.number] = order

    def open_orders(self):
        return iter([o for o in reversed(list(self.orders.values())) if o.state == "open"])

    def notify(self, customer, text):
        self.sent.append((customer, text))


class ServiceTest(unittest.TestCase):
    def setUp(self):
        from orders.service import OrderService
        self.fake, self.day = Fake(), date(2024, 2, 1)
        self.service = OrderService(self.fake, self.fake, lambda: self.day)

    def test_place_and_cancel(self):
        from orders.service import UnknownOrder
        self.assertEqual(self.service.place("Ines"), 10)
        self.assertEqual(self.fake.orders[10].placed, self.day)
        self.service.cancel(10)
        self.assertEqual(self.fake.orders[10].state, "cancelled")
        self.assertEqual(self.fake.sent, [("Ines", "Thank you for order 10."), ("Ines", "Order 10 is cancelled.")])
        with self.assertRaisesRegex(ValueError, "order 10 is cancelled"):
            self.service.cancel(10)
        with self.assertRaises(UnknownOrder):
            self.service.cancel(99)
        self.assertEqual(len(self.fake.sent), 2)

    def test_expire(self):
        for days in (3, 0, 5, 0):
            self.day = date(2024, 2, 1) + timedelta(days=days)
            self.service.place("c%d" % days)
        self.day = date(2024, 2, 1) + timedelta(days=18)
        self.assertEqual(self.service.expire(), [11, 13, 10])
        self.assertEqual([t for _, t in self.fake.sent[4:]], ["Order 11 is cancelled.", "Order 13 is cancelled.", "Order 10 is cancelled."])
        self.assertEqual(self.service.expire(days=13), [])
        self.assertEqual(self.service.expire(days=12), [12])


class RealTest(unittest.TestCase):
    def test_whole(self):
        with tempfile.TemporaryDirectory() as t:
            import app
            days = [date(2024, 1, 1)]
            service = app.build_service(t + "/o.db", t + "/deep/out", clock=lambda: days[-1])
            self.assertEqual(app.run(service, ["place", "Ines"]), "order 1")
            self.assertEqual(app.run(service, ["place", "Otto"]), "order 2")
            self.assertEqual(app.run(service, ["cancel", "1"]), "cancelled")
            days.append(date(2024, 1, 15))
            self.assertEqual(app.run(service, ["expire"]), "")
            days.append(date(2024, 1, 16))
            again = app.build_service(t + "/o.db", t + "/deep/out", lambda: days[-1])
            self.assertEqual(app.run(again, ["expire"]), "2")
            found = sorted(pathlib.Path(t, "deep/out").iterdir())
            self.assertEqual([p.name for p in found], ["0001-Ines.txt", "0002-Otto.txt", "0003-Ines.txt", "0004-Otto.txt"])
            self.assertEqual(found[3].read_text(), "Order 2 is cancelled.")
            default = app.build_service(t + "/p.db", t + "/out2")
            self.assertEqual(default.place("Ada"), 1)
            self.assertEqual(default.expire(days=-1), [1])

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as t:
            done = subprocess.run([sys.executable, "-B", os.path.abspath("app.py"), "place", "Ines"], cwd=t, text=True, capture_output=True)
            self.assertEqual(done.stdout, "order 1\n", done.stderr)
            self.assertEqual(sorted(os.listdir(t)), ["orders.db", "outbox"])

    def test_import_opens_nothing(self):
        with tempfile.TemporaryDirectory() as t:
            code = f"import sys, os; sys.path.insert(0, {os.getcwd()!r}); os.chdir({t!r}); import app, orders.service, orders.ports; print(os.listdir('.'))"
            self.assertEqual(fresh(code), "[]")


class StructureTest(unittest.TestCase):
    def test_imports(self):
        edges, paths = graph()
        self.assertEqual(tricks(paths), [])
        self.assertIsNone(cycle({k: v - {"orders"} for k, v in edges.items()}))
        core = {"orders", "orders.ports", "orders.model"}
        self.assertLessEqual(edges["orders.service"], core)
        self.assertLessEqual(edges["orders.ports"], core)
        self.assertLessEqual(edges["orders.model"], set())
        for name in ("orders.sqlite_repository", "orders.outbox"):
            self.assertLessEqual(edges[name], core)
        for name in ("orders.service", "orders.ports"):
            for node in ast.walk(ast.parse(paths[name].read_text())):
                tops = []
                if isinstance(node, ast.Import):
                    tops = [a.name.split(".")[0] for a in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    tops = [node.module.split(".")[0]]
                self.assertLessEqual(set(tops), {"orders", "typing", "dataclasses", "datetime", "__future__"})
                if isinstance(node, ast.Attribute):
                    self.assertNotIn(node.attr, ("today", "now", "utcnow"))

    def test_ports(self):
        from orders import ports
        wanted = {"OrderRepository": {"add", "get", "replace", "open_orders"}, "Notifier": {"notify"}, "Clock": {"__call__"}}
        for name, methods in wanted.items():
            port = getattr(ports, name)
            self.assertTrue(getattr(port, "_is_protocol", False), name)
            own = {m for m in vars(port) if callable(vars(port)[m]) and (not m.startswith("_") or m == "__call__")}
            self.assertEqual(own, methods)
        from orders.service import OrderService
        self.assertEqual(list(inspect.signature(OrderService.__init__).parameters), ["self", "repository", "notifier", "clock"])
        from orders.outbox import Outbox
        from orders.sqlite_repository import SqliteRepository
        self.assertEqual((Outbox.__mro__[1:], SqliteRepository.__mro__[1:]), ((object,), (object,)))


if __name__ == "__main__":
    unittest.main()
