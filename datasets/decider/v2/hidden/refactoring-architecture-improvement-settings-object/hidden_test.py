import ast
import gc
import hashlib
import importlib
import os
import pathlib
import signal
import sys
import traceback
import types
import unittest

sys.path.insert(0, os.getcwd())


def forked(task, seconds=5):
    """(whether the task was true, its output), run in a forked child."""
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        good = False
        try:
            gc.disable()
            signal.alarm(seconds)
            os.close(read)
            os.dup2(write, 1)
            os.dup2(write, 2)
            good = bool(task())
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0 if good else 1)
    os.close(write)
    with os.fdopen(read, encoding="utf-8", errors="replace") as pipe:
        output = pipe.read()
    return os.waitpid(pid, 0)[1] == 0, output


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


import contextlib
import dataclasses
import io
import subprocess

VARIABLES = [
    {},
    {"SHOP_FREE_FROM": "900", "SHOP_CART_LIMIT": "3", "SHOP_RATES_URL": "http://other.example/r?c=", "SHOP_DIGITS": "0", "SHOP_TRIES": "1", "SHOP_SHIPPING": "-5",
     "SHOP_MASK_USERS": "yes", "SHOP_AUDIT": "off", "SHOP_NAME": "B"},
    {"SHOP_MASK_USERS": "true", "SHOP_AUDIT": "no", "SHOP_NAME": "", "SHOP_TRIES": " 5 ", "SHOP_DIGITS": "4", "SHOP_RATES_URL": ""},
    {"SHOP_MASK_USERS": "yes", "SHOP_AUDIT": "OFF", "SHOP_CART_LIMIT": "1", "SHOP_FREE_FROM": "0", "SHOP_SHIPPING": "1_000"},
    {"SHOP_AUDIT": "on", "SHOP_TRIES": "2", "SHOP_CART_LIMIT": "99", "OTHER": "x"},
]


def world(seed):
    """A network that fails now and then, and an audit log."""
    calls, lines = [], []

    def fetch(url):
        calls.append(url)
        if (len(calls) + seed) % 3 == 1:
            raise OSError("down")
        return "1.%d" % (len(calls) + seed)
    return fetch, lines.append, calls, lines


def steps(app, seen):
    """One step after the other, so that stories of several apps can be mixed."""
    for what in (lambda: app.add("ada", "tea", 450, 2), lambda: app.quote("ada", "USD"), lambda: app.add("bo", "pot", 2000), lambda: app.quote("ada", "USD"),
                 lambda: app.add("ada", "cup", 130, 3), lambda: app.quote("bo", "GBP"), lambda: app.quote("nobody", "USD"), lambda: app.checkout("ada"),
                 lambda: app.quote("bo", "CHF"), lambda: app.quote("bo", "CHF"), lambda: app.checkout("nobody"), lambda: app.add("ada", "x", 1, 95), lambda: app.checkout("bo")):
        try:
            seen.append(what())
        except Exception as error:
            seen.append((type(error).__name__, str(error)))
        yield


def before(variables, seed):
    """What the old program does in a process of its own."""
    def task():
        os.environ.update(variables)
        source = pathlib.Path("_old.txt").read_text().split("#####")
        package = sys.modules["shop"] = types.ModuleType("shop")
        package.__path__ = []
        for name, text in zip(source[::2], source[1::2]):
            module = sys.modules["shop." + name] = types.ModuleType("shop." + name)
            setattr(package, name, module)
            exec(compile(text, name, "exec"), module.__dict__)
        fetch, write, calls, lines = world(seed)
        seen = []
        for _ in steps(sys.modules["shop.app"].App(fetch, write), seen):
            pass
        print(repr((seen, calls, lines)))
        return True
    good, output = forked(task)
    assert good, output
    return output.strip()


class SettingsTest(unittest.TestCase):
    def settings(self, variables):
        from shop.settings import Settings
        return Settings.from_environment(dict(variables))

    def test_settings(self):
        from shop.settings import Settings
        self.assertEqual(dataclasses.asdict(Settings()), {"free_from": 5000, "cart_limit": 10, "rates_url": "http://rates.example/", "digits": 2, "tries": 3,
                                                          "shipping": 490, "mask_users": False, "audit": True, "name": "shop"})
        self.assertEqual(Settings.from_environment({}), Settings())
        with self.assertRaises(dataclasses.FrozenInstanceError):
            Settings().name = "x"
        os.environ["SHOP_NAME"] = "leak"
        try:
            self.assertEqual(Settings.from_environment({}).name, "shop")
        finally:
            del os.environ["SHOP_NAME"]
        got = self.settings(VARIABLES[2])
        self.assertEqual((got.mask_users, got.audit, got.name, got.tries, got.rates_url), (False, True, "", 5, ""))
        with self.assertRaises(ValueError):
            Settings.from_environment({"SHOP_DIGITS": "two"})
        self.assertEqual(Settings(name="n", digits=1).digits, 1)

    def test_alone(self):
        from shop.app import App
        for seed, variables in enumerate(VARIABLES):
            fetch, write, calls, lines = world(seed)
            seen = []
            for _ in steps(App(fetch, write, self.settings(variables)), seen):
                pass
            self.assertEqual(repr((seen, calls, lines)), before(variables, seed), variables)

    def test_side_by_side(self):
        from shop.app import App
        worlds, stories, results = [], [], []
        for seed, variables in enumerate(VARIABLES * 2):
            worlds.append(world(seed))
            results.append([])
            stories.append(steps(App(*worlds[-1][:2], self.settings(variables)), results[-1]))
        os.environ.update(VARIABLES[1])
        try:
            while stories:
                stories = [story for story in stories if next(story, self) is not self]
        finally:
            for name in VARIABLES[1]:
                del os.environ[name]
        for seed, variables in enumerate(VARIABLES * 2):
            _, _, calls, lines = worlds[seed]
            self.assertEqual(repr((results[seed], calls, lines)), before(variables, seed), seed)

    def test_main(self):
        for variables in VARIABLES[:2]:
            done = subprocess.run([sys.executable, "-B", "main.py"], env={"PATH": os.environ["PATH"], **variables}, text=True, capture_output=True)
            self.assertEqual((done.stdout, done.stderr), MAIN[bool(variables)])

    def test_structure(self):
        for path in pathlib.Path("shop").rglob("*.py"):
            tree = ast.parse(path.read_text())
            for node in ast.walk(tree):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    self.assertNotIn("os", [a.name for a in node.names] + [getattr(node, "module", "")], path)
                self.assertNotIn(getattr(node, "attr", None), ("environ", "getenv"), path)
                self.assertNotIsInstance(node, ast.Global)


MAIN = {False: ("900\n11.25 USD\n1390\n", "shop: ada: tea x2\nshop: ada: paid 1390\n"), True: ("900\n11 USD\n900\n", "")}

if __name__ == "__main__":
    unittest.main()
