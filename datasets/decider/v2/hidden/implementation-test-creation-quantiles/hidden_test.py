"""Runs the tests that were written on good and on broken versions of the code, each in a forked child."""
import difflib  # noqa: F401  (loaded once, here, for all children)
import hashlib
import importlib
import os
import pathlib
import pprint  # noqa: F401
import py_compile
import shutil
import signal
import sys
import tempfile
import time
import unittest

CODE, TESTS, FILES = 'quantiles.py', 'tests.test_quantiles', {'quantiles.py': '2da6e1de3d0ebe2c0aa33dcef72911b561da63d4a7cef9c1477abb2f3cd24567'}
KEPT = [
]
BROKEN = [
    ('no zero', ('if not 0 <= share', 'if not 0 < share')),
    ('no one', ('<= share <= 1:', '<= share < 1:')),
    ('below zero', ('if not 0 <= share <= 1:', 'if not share <= 1:')),
    ('nan share', ('if not 0 <= share <= 1:', 'if share < 0 or share > 1:\n        raise ValueError("share")\n    if share != share:\n        share = 0.5\n    if False:')),
    ('above one', ('if not 0 <= share <= 1:', 'if not 0 <= share:'), ('    place = share *', '    place = min(share, 1) *')),
    ('percent', ('if not 0 <= share <= 1:', 'if not 0 <= share <= 100:'), ('    place = share *', '    place = (share / 100 if share > 1 else share) *')),
    ('not sorted', ('sorted(values)', 'list(values)')),
    ('sorted by size', ('sorted(values)', 'sorted(values, key=abs)')),
    ('in place', ('    ordered = sorted(values)\n', '    ordered = values if isinstance(values, list) else list(values)\n    ordered.sort()\n')),
    ('distinct', ('sorted(values)', 'sorted(set(values))')),
    ('only lists', ('    ordered = sorted(values)\n', '    if not len(values):\n        raise ValueError("values")\n    ordered = sorted(values)\n')),
    ('read twice', ('    ordered = sorted(values)\n', '    count = sum(1 for _ in values)\n    ordered = sorted(values)\n')),
    ('empty is zero', ('    if not ordered or any', '    if not ordered:\n        return 0\n    if any')),
    ('nan value', ('    if not ordered or any(math.isnan(value) for value in ordered):', '    if not ordered:')),
    ('nan first only', ('for value in ordered)', 'for value in ordered[:1])')),
    ('n instead of n - 1', ('(len(ordered) - 1)\n', 'len(ordered)\n    place = min(place, len(ordered) - 1)\n')),
    ('lower neighbour', ('    high = math.ceil(place)', '    high = low')),
    ('upper neighbour', ('    low = math.floor(place)', '    low = math.ceil(place)')),
    ('middle of both', ('* (place - low)', '* (0.5 if high > low else 0)')),
    ('wrong way', ('* (place - low)', '* (high - place)')),
    ('rounded', ('    low = math.floor(place)', '    place = round(place)\n    low = math.floor(place)')),
    ('cut off', ('    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)', '    return ordered[low] + int((ordered[high] - ordered[low]) * (place - low))')),
    ('median low', ('quantile(values, 0.5)', 'quantile(values, 0.49)')),
    ('spread reads twice', ('    values = list(values)\n    return', '    return')),
    ('spread upper', ('quantile(values, 0.75)', 'quantile(values, 1)')),
    ('spread lower', ('quantile(values, 0.25)', 'quantile(values, 0)')),
    ('spread turned', ('quantile(values, 0.75) - quantile(values, 0.25)', 'quantile(values, 0.25) - quantile(values, 0.75)')),
    ('ends without high', ('    high = math.ceil(place)', '    high = min(low + 1, len(ordered) - 2)')),
]


class Result(unittest.TestResult):
    def _exc_info_to_string(self, err, test):
        return f"{err[0].__name__}: {err[1]}"[:1500]


class CreationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        shutil.copytree(".", folder.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".git", "_good", "hidden_test.py"))
        for path in pathlib.Path(folder.name, "tests").glob("*.py"):
            try:
                py_compile.compile(str(path), doraise=True)
            except py_compile.PyCompileError:
                pass
        cls.source = pathlib.Path(CODE).read_text(encoding="utf-8")
        cls.check_good(cls.source)

    @classmethod
    def run_on(cls, source):
        """Whether the tests pass, how many ran, and what they said."""
        pathlib.Path(cls.folder, CODE).write_text(source, encoding="utf-8")
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(reader)
                signal.alarm(10)
                os.chdir(cls.folder)
                sys.path[:] = [cls.folder] + [p for p in sys.path if p and os.path.realpath(p) != START]
                sys.dont_write_bytecode = True
                importlib.invalidate_caches()
                sys.stdout = sys.stderr = open(os.devnull, "w")
                suite = unittest.defaultTestLoader.loadTestsFromName(TESTS)
                result = Result()
                result.failfast = True
                suite.run(result)
                said = f"{int(result.wasSuccessful())} {result.testsRun - len(result.skipped)} {[*result.errors, *result.failures]}"
            except BaseException as error:
                said = f"0 0 {error!r}"
            os.write(writer, said.encode("utf-8", "replace"))
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as file:
            passed, _, rest = file.read().partition(" ")
        os.waitpid(child, 0)
        count, _, text = rest.partition(" ")
        return passed == "1", int(count or 0), text or "it did not end"

    @classmethod
    def check_good(cls, source):
        began = time.monotonic()
        passed, count, text = cls.run_on(source)
        if not passed or not count or time.monotonic() - began > 2:
            raise AssertionError(text or "too slow, or no tests")

    def test_untouched(self):
        for path, digest in FILES.items():
            self.assertEqual(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest(), digest, path)

    def test_other_good_versions(self):
        for path in sorted(pathlib.Path("_good").glob("*")):
            self.check_good(path.read_text(encoding="utf-8"))
        for old, new in KEPT:
            self.assertEqual(self.source.count(old), 1, old)
            self.check_good(self.source.replace(old, new))

    def test_broken_versions(self):
        for name, *changes in BROKEN:
            source = self.source
            for old, new in changes:
                self.assertEqual(source.count(old), 1, name)
                source = source.replace(old, new)
            with self.subTest(name):
                self.assertFalse(self.run_on(source)[0], "this version passes")


START = os.path.realpath(".")

if __name__ == "__main__":
    unittest.main()
