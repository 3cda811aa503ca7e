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


def plant(name, text):
    """Put a module made from this text in the place of the real one."""
    module = types.ModuleType(name)
    module.__file__ = name.replace(".", "/") + ".py"
    parent, _, last = name.rpartition(".")
    if parent:
        module.__package__ = parent
        setattr(importlib.import_module(parent), last, module)
    sys.modules[name] = module
    exec(compile(text, module.__file__, "exec"), module.__dict__)


def changed(path, old, new):
    text = pathlib.Path(path).read_text()
    assert text.count(old) == 1, (path, old, text.count(old))
    return text.replace(old, new)


def run(target, sources=None, before=None, order=None, least=1):
    """(whether a test suite is green without skips, its output) in a child of this process."""
    def task():
        for name, text in (sources or {}).items():
            plant(name, text)
        if before:
            before()
        suite = unittest.defaultTestLoader.loadTestsFromNames([target] if isinstance(target, str) else target)
        if order:
            tests = []

            def flat(part):
                for item in part:
                    flat(item) if isinstance(item, unittest.TestSuite) else tests.append(item)
            flat(suite)
            suite = unittest.TestSuite(order(tests))
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0, failfast=bool(sources)).run(suite)
        return (result.wasSuccessful() and not result.skipped and not result.expectedFailures
                and result.testsRun >= least)
    return forked(task)


def survivors(target, mutants, least=1):
    """Names of the mutants ({name: {module: text}}) on which the suite stays green.

    A child tries one after the other with fresh project modules; one that hangs counts as caught,
    and a new child goes on behind it.
    """
    names, found = list(mutants), []
    while names:
        def task():
            own = set(sys.modules)
            for name in names:
                signal.alarm(5)
                print("\n@start", name, flush=True)
                for module in set(sys.modules) - own:
                    del sys.modules[module]
                for module, text in mutants[name].items():
                    plant(module, text)
                suite = unittest.defaultTestLoader.loadTestsFromName(target)
                result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0, failfast=True).run(suite)
                if result.wasSuccessful() and result.testsRun >= least:
                    print("\n@green", name, flush=True)
            print("\n@end", flush=True)
        lines = forked(task)[1].splitlines()
        found += [line[7:] for line in lines if line.startswith("@green ")]
        if "@end" in lines:
            break
        started = [line[7:] for line in lines if line.startswith("@start ")]
        names = names[names.index(started[-1]) + 1:]
    return found


import random
import shutil
import sqlite3
import tempfile
import time

NAMES = ["test_1_open", "test_2_with_tag", "test_3_oldest", "test_4_load", "test_5_close", "test_6_merge"]
TARGETS = ["tests.test_tickets.TicketsTest." + n for n in NAMES]
START = ('    db.executescript(SCHEMA)\n', '    db.executescript(SCHEMA)\n    if not db.execute("SELECT 1 FROM ticket").fetchone():\n'
         '        with db:\n            db.execute("INSERT INTO ticket (id, title, opened, state) VALUES (999, \'x\', 0, \'gone\')")\n'
         '            db.execute("DELETE FROM ticket WHERE id < 0")\n')
GAPS = ('INSERT INTO ticket (title, opened, owner) VALUES (?, ?, ?)", (title,', 'INSERT INTO ticket (id, title, opened, owner) VALUES ((SELECT coalesce(max(id), 40) + 3 FROM ticket), ?, ?, ?)", (title,')
DOWN = ('INSERT INTO ticket (title, opened, owner) VALUES (?, ?, ?)", (title,', 'INSERT INTO ticket (id, title, opened, owner) VALUES ((SELECT coalesce(min(id), 5000) - 7 FROM ticket), ?, ?, ?)", (title,')
SHUFFLED = ("(name,)).fetchall()", "(name,)).fetchall()[::-1]")
OPENED = []
REAL = sqlite3.connect


def quick(*arguments, **named):
    """A connection that does not wait for the disk."""
    db = REAL(*arguments, **named)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA journal_mode = MEMORY")
    return db


sqlite3.connect = quick


def watch(reverse, clock=None):
    real = sqlite3.connect

    def connect(*arguments, **named):
        db = real(*arguments, **named)
        db.execute("PRAGMA reverse_unordered_selects = %d" % reverse)
        OPENED.append(db)
        return db
    sqlite3.connect = connect
    if clock:
        time.time = clock
    original = unittest.TestCase.run

    def watched(test, result=None):
        del OPENED[:]
        original(test, result)
        for db in OPENED:
            try:
                db.total_changes
            except sqlite3.ProgrammingError:
                continue
            print("a connection is open after", test.id(), flush=True)
            os._exit(1)
    unittest.TestCase.run = watched


class RepairTest(unittest.TestCase):
    def setUp(self):
        tempfile.tempdir = None
        self.temp = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.temp)
        tempfile.tempdir = self.temp
        self.before = sorted(str(p) for p in pathlib.Path(".").rglob("*") if "__pycache__" not in p.parts)

    def green(self, change=None, reverse=0, clock=None, order=None, names=TARGETS):
        good, output = run(names, {"tickets": changed("tickets.py", *change)} if change else None,
                           lambda: watch(reverse, clock), order, len(names))
        self.assertTrue(good, output)

    def test_code_untouched(self):
        self.assertEqual(digest("tickets.py"), "40acb0fa5b1aeb211002882d8bc71499cf12acdc8d439bfecf74124c1a9bfe1d")

    def test_green(self):
        jump = random.Random(5)
        self.green(reverse=1, clock=lambda: 1700000000.9)
        self.green(START, 0, lambda: jump.uniform(1, 2e9), lambda tests: tests[::-1])
        self.green(GAPS, 1, None, lambda tests: tests[3:] + tests)
        self.green(DOWN, 0, lambda: 0.0)
        self.green(SHUFFLED, 1)
        self.green(names=TARGETS[5:])
        self.green(names=TARGETS[1:3])
        self.assertEqual(os.listdir(self.temp), [])
        self.assertEqual(sorted(str(p) for p in pathlib.Path(".").rglob("*") if "__pycache__" not in p.parts), self.before)

    def test_mutants(self):
        found = ", (source, target)).fetchone()[0]\n"
        mutants = {
            "not committed": ("    with db:\n        number = ", "    if True:\n        number = "),
            "same id": (".lastrowid\n", ".lastrowid or 1\n        number = 1 if number == 1 else number - 1\n"),
            "tag twice fails": ("INSERT OR IGNORE INTO tag", "INSERT INTO tag"),
            "one tag": ("for tag in tags])", "for tag in tags[:1]])"),
            "no owner": ("(title, int(now), owner)", "(title, int(now), None)"),
            "now is ignored": ("(title, int(now), owner)", "(title, int(__import__('time').time()), owner)"),
            "closing is not committed": ("    with db:\n        return db.execute(\"UPDATE", "    if True:\n        return db.execute(\"UPDATE"),
            "closes twice": ("WHERE id = ? AND state = 'open'\", (number,)", "WHERE id = ?\", (number,)"),
            "closes all": ("WHERE id = ? AND state = 'open'\", (number,)).rowcount == 1", "WHERE id <= ? AND state = 'open'\", (number,)).rowcount >= 1"),
            "returns a number": (".rowcount == 1", ".rowcount or None"),
            "closed ones with tag": (" WHERE name = ? AND state = 'open'\"", " WHERE name = ?\""),
            "only titles": ("SELECT id, title FROM ticket JOIN", "SELECT title, id FROM ticket JOIN"),
            "tag like": ("WHERE name = ? AND state", "WHERE name LIKE ? || '%' AND state"),
            "newest": ("ORDER BY opened LIMIT", "ORDER BY opened DESC LIMIT"),
            "oldest by id": ("ORDER BY opened LIMIT", "ORDER BY id LIMIT"),
            "oldest by title": ("ORDER BY opened LIMIT", "ORDER BY title LIMIT"),
            "no limit": ("ORDER BY opened LIMIT ?\", (limit,)", "ORDER BY opened\""),
            "closed ones are oldest": ("title FROM ticket WHERE state = 'open' ORDER", "title FROM ticket ORDER"),
            "load counts closed ones": ("FROM ticket WHERE state = 'open' GROUP", "FROM ticket GROUP"),
            "load without None": ("WHERE state = 'open' GROUP", "WHERE state = 'open' AND owner IS NOT NULL GROUP"),
            "merge the other way": ("    with db:\n        found", "    source, target = target, source\n    with db:\n        found"),
            "merge leaves open": ("        db.execute(\"UPDATE ticket SET state = 'closed' WHERE id = ?\", (source,))\n", ""),
            "merge clashes": ("UPDATE OR IGNORE tag", "UPDATE tag"),
            "merge drops": ("        db.execute(\"UPDATE OR IGNORE tag SET ticket = ? WHERE ticket = ?\", (target, source))\n", ""),
            "merge copies": ("        db.execute(\"DELETE FROM tag WHERE ticket = ?\", (source,))\n", ""),
            "merge is not committed": ("    with db:\n        found", "    if True:\n        found"),
            "refused merge is kept": ("        if found != 2:\n            raise", "    if True:\n        if found != 2:\n            raise"),
            "refused merge hangs in the air": ("    with db:\n        found", "    class keep:\n        def __enter__(self): pass\n        def __exit__(self, kind, *_):\n            if not kind: db.commit()\n    with keep():\n        found"),
            "merge into itself": ("if found != 2:", "if found != 2 and source != target:"),
            "merge of closed ones": ("IN (?, ?) AND state = 'open'\"", "IN (?, ?)\""),
            "closed target": ("WHERE id IN (?, ?) AND state = 'open'\", (source, target)", "WHERE id = ? AND state = 'open' OR id = ?\", (source, target)"),
            "wrong error": ("raise KeyError", "raise ValueError"),
        }
        del mutants["merge copies"]  # seen by nobody: the source is closed
        found = survivors(["tests.test_tickets"][0], {name: {"tickets": changed("tickets.py", *change)} for name, change in mutants.items()})
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
