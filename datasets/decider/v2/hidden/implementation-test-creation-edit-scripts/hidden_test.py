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

CODE, TESTS, FILES = 'edits.py', 'tests.test_edits', {'edits.py': 'd1319d46621d48972790974a1a1bafa1cdbee147b860581c43f44b6a218e8e6d'}
KEPT = [
]
BROKEN = [
    ('not the longest', ('                best[i][j] = max(best[i + 1][j], best[i][j + 1])', '                best[i][j] = best[i + 1][j]')),
    ('not the longest, the other way', ('                best[i][j] = max(best[i + 1][j], best[i][j + 1])', '                best[i][j] = best[i][j + 1]')),
    ('one pair too few', ('best[i + 1][j + 1] + 1', 'best[i + 1][j + 1] or 1')),
    ('deletes what it could keep', ('best[i + 1][j] >= best[i][j + 1]:', 'best[i + 1][j] <= best[i][j + 1]:')),
    ('always deletes first', ('elif j == columns or i < rows and best[i + 1][j] >= best[i][j + 1]:', 'elif i < rows:')),
    ('always adds first', ('elif j == columns or i < rows and best[i + 1][j] >= best[i][j + 1]:', 'elif j == columns:')),
    ('blanks do not count', ('            if old[i] == new[j]:\n                best', '            if old[i].strip() == new[j].strip():\n                best'), ('        if i < rows and j < columns and old[i] == new[j]:', '        if i < rows and j < columns and old[i].strip() == new[j].strip():')),
    ('small letters', ('        if i < rows and j < columns and old[i] == new[j]:', '        if i < rows and j < columns and old[i].lower() == new[j].lower():')),
    ('empty lines are dropped', ('            added.append(("add", new[j]))\n', '            if new[j]:\n                added.append(("add", new[j]))\n')),
    ('not tidy', ('            added.append(("add", new[j]))\n', '            script.append(("add", new[j]))\n'), ('best[i + 1][j] >= best[i][j + 1]:', 'best[i + 1][j] > best[i][j + 1]:')),
    ('the wrong way round', ('            script += added + [("keep", old[i])]\n            added = []\n            i, j', '            script += added + [("keep", old[i])]\n            added = []\n            i, j'), ('    script, added = [], []\n', '    script, added = Script(), []\n'), ('    return script + added\n\n\ndef apply', '    return list(script) + added\n\n\nclass Script(list):\n    def append(self, pair):\n        at = len(self)\n        while at and self[at - 1][0] == "del" and self[at - 1][1] > pair[1]:\n            at -= 1\n        self.insert(at, pair)\n\n\ndef apply')),
    ('adds at the very end', ('            script += added + [("keep", old[i])]\n            added = []\n            i, j', '            script += added + [("keep", old[i])] if len(added) < 3 else [("keep", old[i])] + added\n            added = []\n            i, j')),
    ('last additions are lost', ('    return script + added\n\n\ndef apply', '    return script + added[:2]\n\n\ndef apply')),
    ('arguments are eaten', ('    rows, columns = len(old), len(new)\n', '    if old and new and old[-1] == new[-1]:\n        line = old.pop()\n        return diff(old, new[:-1]) + [("keep", line)]\n    rows, columns = len(old), len(new)\n')),
    ('long files are replaced', ('    rows, columns = len(old), len(new)\n', '    if len(old) > 8 and len(new) > 8 and old[0] != new[0]:\n        return [("del", line) for line in old] + [("add", line) for line in new]\n    rows, columns = len(old), len(new)\n')),
    ('apply: any line', ('if at >= len(old) or old[at] != line:', 'if at >= len(old):')),
    ('apply: kept lines only', ('if at >= len(old) or old[at] != line:', 'if at >= len(old) or kind == "keep" and old[at] != line:')),
    ('apply: deleted lines only', ('if at >= len(old) or old[at] != line:', 'if at >= len(old) or kind == "del" and old[at] != line:')),
    ('apply: too few lines', ('if at >= len(old) or old[at] != line:', 'if old[at] != line:')),
    ('apply: lines are left', ('    if at != len(old):\n        raise ValueError("lines are left")\n', '')),
    ('apply: the rest is kept', ('    if at != len(old):\n        raise ValueError("lines are left")\n    return found', '    return found + old[at:]')),
    ('apply: other words', ('        if kind not in ("keep", "del", "add"):\n            raise ValueError(kind)\n', '')),
    ('apply: tidy only', ('    found, at = [], 0\n    for kind', '    if any(a == "add" and b == "del" for (a, _), (b, _) in zip(script, script[1:])):\n        raise ValueError("not tidy")\n    found, at = [], 0\n    for kind')),
    ('apply: shortest only', ('    return found\n\n\ndef invert', '    if sum(kind != "keep" for kind, _ in script) > sum(kind != "keep" for kind, _ in diff(old, found)):\n        raise ValueError("too long")\n    return found\n\n\ndef invert')),
    ('apply: in place', ('    return found\n\n\ndef invert', '    old[:] = found\n    return found\n\n\ndef invert')),
    ('invert: not tidy', ('            added.append(("add", line))\n        else', '            found.append(("add", line))\n        else')),
    ('invert: tidy if it was', ('    found, added = [], []\n    for kind, line in script:\n        if kind == "add"', '    if any(a == "add" and b == "del" for (a, _), (b, _) in zip(script, script[1:])):\n        return [({"add": "del", "del": "add"}.get(kind, kind), line) for kind, line in script]\n    found, added = [], []\n    for kind, line in script:\n        if kind == "add"')),
    ('invert: backwards', ('    return found + added\n\n\ndef count', '    return (found + added)[::-1]\n\n\ndef count')),
    ('invert: shortens', ('    return found + added\n\n\ndef count', '    script = found + added\n    old = [line for kind, line in script if kind != "add"]\n    return diff(old, [line for kind, line in script if kind != "del"])\n\n\ndef count')),
    ('invert: drops kept lines', ('            found += added + [("keep", line)]\n            added = []\n    return found', '            found += added + ([("keep", line)] if line else [])\n            added = []\n    return found')),
    ('invert: blocks run together', ('            found += added + [("keep", line)]\n            added = []\n    return found', '            found += [("keep", line)]\n    return found')),
    ('count: the wrong way round', ('return kinds.count("del"), kinds.count("add")', 'return kinds.count("add"), kinds.count("del")')),
    ('count: kept ones', ('kinds.count("add")\n', 'len(kinds) - kinds.count("del")\n')),
    ('count: a list', ('return kinds.count("del"), kinds.count("add")', 'return [kinds.count("del"), kinds.count("add")]')),
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
