import ast
import json
import pathlib
import re
import sys
import types
import unittest
from datetime import date, timedelta

NAMES = {"PAGE_SIZE": 50, "UPLOAD_MB": 50, "WARN_PERCENT": 80, "SESSION_MINUTES": 30, "KEEP_DAYS": 30, "RETRIES": 3, "NAME_LENGTH": 64, "CHUNK_MB": 5}
MODULES = ("limits", "api", "upload", "session", "jobs", "schema")
GOOD = json.loads(pathlib.Path("_good.json").read_text())


def limits(values):
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def load(sources, values):
    """Fresh modules of the package from these texts, with these limits."""
    for name in [n for n in sys.modules if n == "shop" or n.startswith("shop.")]:
        del sys.modules[name]
    package = sys.modules["shop"] = types.ModuleType("shop")
    package.__path__ = []
    found = {}
    for name in MODULES:
        module = sys.modules["shop." + name] = types.ModuleType("shop." + name)
        module.__package__ = "shop"
        setattr(package, name, module)
        text = limits(values) if name == "limits" else sources[name]
        exec(compile(text, name + ".py", "exec"), module.__dict__)
        found[name] = module.__dict__
    return found


def probe(m):
    """Everything the modules show; `m` maps a module's name to its names."""
    a, u, s, j, c = (m[n] for n in ("api", "upload", "session", "jobs", "schema"))
    L = m["limits"]
    seen = []

    def see(function, *arguments):
        try:
            seen.append((function.__name__, arguments if len(repr(arguments)) < 60 else len(repr(arguments)), function(*arguments)))
        except Exception as error:
            seen.append((function.__name__, type(error).__name__, str(error)))
    p = L["PAGE_SIZE"]
    for n in sorted({0, 1, 49, 50, 51, p - 1, p, p + 1, 2 * p, 2 * p + 1}):
        items = [f"item {i} " + "x" * 30 for i in range(n)]
        for number in (-1, 0, 1, 2, 3):
            see(a["page"], items, number)
        see(a["pages"], items)
        see(a["export"], items)
    see(a["suggest"], ["ab%d" % i for i in range(60)], "ab")
    mb = 1024 * 1024
    top, warn = L["UPLOAD_MB"] * mb, L["UPLOAD_MB"] * mb * L["WARN_PERCENT"] // 100
    for size in (0, 1, warn - 1, warn, warn + 1, top - 1, top, top + 1, 40 * mb, 50 * mb, 50 * mb + 1, 5 * mb, L["CHUNK_MB"] * mb, L["CHUNK_MB"] * mb + 1):
        see(u["check"], size)
        see(u["chunks"], size)
    see(u["header"])
    see(s["cookie"], "t")
    see(s["script"])
    end = L["SESSION_MINUTES"] * 60
    for gap in (0, 1, 900, 1799, 1800, end - 1, end, end + 5, end // 2):
        see(s["expired"], 1000, 1000 + gap)
        see(s["alive_share"], 1000, 1000 + gap)
    today = date(2025, 7, 1)
    days = sorted({0, 23, 24, 25, 29, 30, 31, 32} | {L["KEEP_DAYS"] + d for d in (-8, -7, -6, -5, -1, 0, 1, 2)})
    entries = [("n%d" % d, today - timedelta(days=d)) for d in days]
    see(j["outdated"], entries, today)
    see(j["due_notices"], entries, today)
    see(j["notice"], "x", today)
    for fails in sorted({0, 1, 2, 3, 4, 9, L["RETRIES"], L["RETRIES"] + 1}):
        left = [fails]

        def action():
            left[0] -= 1
            return left[0] < 0
        seen.append((fails, j["run"](action), left[0]))
    for minutes in (0, 1, 2.5):
        see(j["longest_run"], minutes)
    for load in (80, 81, 5):
        see(j["poll_seconds"], load)
    seen.append(c["CREATE"])
    seen.append(c["NAME"].pattern)
    for n in sorted({1, 49, 50, 51, 63, 64, 65, L["NAME_LENGTH"] - 1, L["NAME_LENGTH"], L["NAME_LENGTH"] + 1} - {0}):
        for text in ("a" * n, "1" * n, "a-" * n):
            see(c["valid"], text)
            see(c["shortened"], text)
        see(c["row"], "b" * n)
    return seen


class CleanupTest(unittest.TestCase):
    maxDiff = 1500

    def setUp(self):
        self.sources = {n: pathlib.Path("shop", n + ".py").read_text() for n in MODULES}

    def same(self, **changes):
        values = {**NAMES, **changes}
        self.assertEqual(probe(load(self.sources, values)), probe(load(GOOD, values)), changes)

    def test_limits(self):
        root = ast.parse(self.sources["limits"])
        found = {}
        for node in root.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            self.assertIsInstance(node, ast.Assign)
            self.assertIsInstance(node.value, ast.Constant)
            found[node.targets[0].id] = node.value.value
        self.assertEqual(found, NAMES)
        self.assertEqual({p.stem for p in pathlib.Path("shop").glob("*.py")}, {"__init__", *MODULES})
        for name in MODULES[1:]:
            self.assertIsNone(re.search(r"FACTS|_good|open\(|read_text|inspect", self.sources[name]))

    def test_now(self):
        self.same()

    def test_one_at_a_time(self):
        for name, others in {"PAGE_SIZE": (1, 7, 64), "UPLOAD_MB": (1, 51, 999), "WARN_PERCENT": (1, 33, 100), "SESSION_MINUTES": (3, 7, 31),
                             "KEEP_DAYS": (1, 7, 64), "RETRIES": (1, 2, 7), "NAME_LENGTH": (1, 2, 50), "CHUNK_MB": (1, 3, 80)}.items():
            for value in others:
                self.same(**{name: value})

    def test_together(self):
        self.same(PAGE_SIZE=3, UPLOAD_MB=7, WARN_PERCENT=67, SESSION_MINUTES=5, KEEP_DAYS=400, RETRIES=5, NAME_LENGTH=200, CHUNK_MB=2)
        self.same(UPLOAD_MB=30, SESSION_MINUTES=50, KEEP_DAYS=50, NAME_LENGTH=30)


if __name__ == "__main__":
    unittest.main()
