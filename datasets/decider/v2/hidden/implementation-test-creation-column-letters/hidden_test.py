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

CODE, TESTS, FILES = 'columns.py', 'tests.test_columns', {'columns.py': '200933ce8806139239fd8d8fa6899039ce7db4b4bd301fcca2b709195a1f616b'}
KEPT = [
]
BROKEN = [
    ('zero', ('    if number < 1:', '    if number < 0:')),
    ('no check', ('    if number < 1:\n        raise ValueError(number)\n', '    number = abs(number)\n')),
    ('one is not enough', ('    if number < 1:', '    if number < 2:')),
    ('plain base 26', ('divmod(number - 1, 26)', 'divmod(number, 26)')),
    ('base 27', ('divmod(number - 1, 26)', 'divmod(number - 1, 27)')),
    ('two letters at most', ('        letters = chr(ord("A") + rest) + letters\n', '        letters = chr(ord("A") + rest) + letters\n        if len(letters) == 2:\n            break\n')),
    ('letters reversed', ('letters = chr(ord("A") + rest) + letters', 'letters = letters + chr(ord("A") + rest)')),
    ('small name', ('chr(ord("A") + rest)', 'chr(ord("a") + rest)')),
    ('empty is nothing', ('    if not (text.isascii() and text.isalpha()):', '    if text and not (text.isascii() and text.isalpha()):')),
    ('other letters', ('text.isascii() and text.isalpha()', 'text.isalpha()')),
    ('other signs', ('text.isascii() and text.isalpha()', 'text and text.isascii()')),
    ('digits', ('text.isascii() and text.isalpha()', 'text.isascii() and text.isalnum()')),
    ('no small letters', ('text.upper()', 'text')),
    ('blanks', ('    if not (text.isascii()', '    text = text.strip()\n    if not (text.isascii()')),
    ('read reversed', ('text.upper()', 'text.upper()[::-1]')),
    ('from zero', ('- ord("A") + 1', '- ord("A")')),
    ('base 25', ('result * 26', 'result * 25')),
    ('left is right', ('+ by)', '+ abs(by))')),
    ('left is wrong', ('+ by)', '- by)')),
    ('stops at A', ('name(number(text) + by)', 'name(max(number(text) + by, 1))')),
    ('last excluded', ('number(last) + 1)', 'number(last))')),
    ('first excluded', ('range(number(first), ', 'range(number(first) + 1, ')),
    ('both ways', ('    return [name(n) for n in range(number(first), number(last) + 1)]', '    a, b = sorted((number(first), number(last)))\n    return [name(n) for n in range(a, b + 1)]')),
    ('by text', ('    return [name(n) for n in range(number(first), number(last) + 1)]', '    return sorted(name(n) for n in range(number(first), number(last) + 1))')),
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
