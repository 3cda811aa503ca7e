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
import sqlite3  # noqa: F401
import sys
import tempfile
import time
import unittest

CODE, TESTS, FILES = 'schema.sql', 'tests.test_schema', {'schema.sql': 'cb0392d70361baef7682b3de0d6770973cc86db437e94561042e4786fa95affd', 'RULES.md': '295b7dc9cf8388956f28b0f70aaef40cb1f7067ccb54ea056938f48b26c0e8eb'}
KEPT = [
]
BROKEN = [
    ('email by case', ('COLLATE NOCASE UNIQUE', 'UNIQUE')),
    ('email twice', ('COLLATE NOCASE UNIQUE', 'COLLATE NOCASE')),
    ('nothing before the at', ("LIKE '_%@_%'", "LIKE '%@_%'")),
    ('nothing behind the at', ("LIKE '_%@_%'", "LIKE '_%@%'")),
    ('blocked is anything', (' CHECK (blocked IN (0, 1))', '')),
    ('blocked at first', ('DEFAULT 0', 'DEFAULT 1')),
    ('title may be blank', ("trim(title) <> ''", "title <> ''")),
    ('any item', ('REFERENCES item (id) ON DELETE RESTRICT', '')),
    ('due on the same day', ('CHECK (due > taken)', 'CHECK (due >= taken)')),
    ('returned before', (' CHECK (returned >= taken)', '')),
    ('not returned on the day', ('returned >= taken', 'returned > taken')),
    ('two open loans of an item', ('CREATE UNIQUE INDEX one_loan', 'CREATE INDEX one_loan')),
    ('one loan of an item ever', (' WHERE returned IS NULL;\n\nCREATE TABLE history', ';\n\nCREATE TABLE history')),
    ('blocked may borrow', ('WHERE id = NEW.member_id) = 1', 'WHERE id = NEW.member_id) = 2')),
    ('blocked may not return', ('CREATE TRIGGER three_at_most', "CREATE TRIGGER not_back BEFORE UPDATE ON loan\nWHEN (SELECT blocked FROM member WHERE id = NEW.member_id) = 1\nBEGIN SELECT RAISE(ABORT, 'blocked'); END;\n\nCREATE TRIGGER three_at_most")),
    ('four', ('>= 3', '>= 4')),
    ('of all members', ('FROM loan WHERE member_id = NEW.member_id AND returned IS NULL) >= 3', 'FROM loan WHERE returned IS NULL) >= 3')),
    ('returned ones count', ('AND returned IS NULL) >= 3', ') >= 3')),
    ('returned ones refused', ('WHEN NEW.returned IS NULL AND (SELECT', 'WHEN (SELECT')),
    ('returned can change', ('NEW.returned IS NOT OLD.returned', 'NEW.returned IS NULL')),
    ('returned can go', ('NEW.returned IS NOT OLD.returned', 'NEW.returned <> OLD.returned')),
    ('same day is a change', ('WHEN OLD.returned IS NOT NULL AND NEW.returned IS NOT OLD.returned', 'WHEN OLD.returned IS NOT NULL')),
    ('late on the day', ('NEW.returned > NEW.due', 'NEW.returned >= NEW.due')),
    ('other id', ('VALUES (NEW.id, NEW.ret', 'VALUES (NEW.item_id, NEW.ret')),
    ('history of inserts', ('CREATE TRIGGER not_with', 'CREATE TRIGGER more AFTER INSERT ON loan\nWHEN NEW.returned IS NOT NULL\nBEGIN INSERT INTO history VALUES (NEW.id, NEW.returned > NEW.due); END;\n\nCREATE TRIGGER not_with')),
    ('history of every update', ('WHEN OLD.returned IS NULL AND NEW.returned IS NOT NULL', 'WHEN NEW.returned IS NOT NULL')),
    ('history of nothing', ('WHEN OLD.returned IS NULL AND NEW.returned IS NOT NULL', 'WHEN OLD.returned IS NULL')),
    ('members go with open loans', ('WHEN EXISTS (SELECT 1 FROM loan WHERE member_id = OLD.id AND returned IS NULL)', 'WHEN 0')),
    ('members stay with loans', ('WHERE member_id = OLD.id AND returned IS NULL)', 'WHERE member_id = OLD.id)')),
    ('history goes', ('    loan_id INTEGER NOT NULL,', '    loan_id INTEGER NOT NULL REFERENCES loan (id) ON DELETE CASCADE,')),
    ('items go', ('ON DELETE RESTRICT', 'ON DELETE CASCADE')),
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
