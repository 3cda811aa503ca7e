import ast
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


def forked(task, seconds=8):
    """(whether the task was true, its output), run in a forked child."""
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        good = False
        try:
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
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
        return (result.wasSuccessful() and not result.skipped and not result.expectedFailures
                and result.testsRun >= least)
    return forked(task)


import csv  # noqa: F401  (loaded once, before forking)
import json  # noqa: F401
import shutil
import tempfile

NAMES = ["test_1_summarise", "test_2_append", "test_3_relative"]
ROOT = pathlib.Path.cwd()


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*"))
            if p.is_file() and "__pycache__" not in p.parts}


class RepairTest(unittest.TestCase):
    def tried(self, order=None, sources=None, where=None, names=None):
        """Run in a fresh current directory; check that nothing is left."""
        here, temp = tempfile.mkdtemp(), tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, here)
        self.addCleanup(shutil.rmtree, temp)
        before = tree(ROOT)

        def prepare():
            os.chdir(where or here)
            tempfile.tempdir = temp
            os.environ["TMPDIR"] = temp
            import tests.test_summary as module
            original = unittest.TestCase.run

            def watched(test, result=None):
                start = os.getcwd()
                original(test, result)
                try:
                    same = os.getcwd() == start
                except FileNotFoundError:
                    same = False
                if not same:
                    raise SystemExit("the current directory was changed by " + test.id())
            unittest.TestCase.run = watched
        names = ["tests.test_summary.SummaryTest." + n for n in names or NAMES]
        good, output = run(names, sources, prepare, order, len(names))
        self.assertEqual(tree(ROOT), before, "the project was changed")
        self.assertEqual(os.listdir(temp), [], "temporary files are left")
        if where is None:
            self.assertEqual(os.listdir(here), [], "files are left in the current directory")
        return good, output

    def test_code_untouched(self):
        self.assertEqual(digest("sensors/summary.py"), "1d105c4541e53aaa441f093a50f793e930dfac2eabe8fcb2b9e63f02814530db")
        self.assertEqual(digest("tests/data/week.csv"), "e9ff51c460b823364f769090ef2e7045cdfb0dcf82818c65b3aadf92152bc66a")

    def test_green(self):
        for order in (None, lambda tests: tests[::-1], lambda tests: tests[1:] + tests[:1], lambda tests: tests + tests):
            good, output = self.tried(order)
            self.assertTrue(good, output)
        for where in (ROOT, "/"):
            good, output = self.tried(where=where)
            self.assertTrue(good, output)
        for name in NAMES:
            good, output = self.tried(names=[name])
            self.assertTrue(good, output)

    def test_mutants(self):
        path = "sensors/summary.py"
        mutants = {
            "overwrites": ('open(source, "a"', 'open(source, "w"'),
            "project root": ("    days = {}\n", "    import os\n    source, target = (os.path.join(%r, p) for p in (source, target))\n    days = {}\n" % str(ROOT)),
            "counts empty": ('if row["value"].strip():', "if 1:\n                row['value'] = row['value'].strip() or 0"),
            "count": ("[len(values), ", "[len(set(values)) - 1, "),
            "append nothing": ("csv.writer(file).writerow([day, value])", "pass"),
            "fails": ("    days = {}\n", "    raise OSError('broken')\n"),
            "number": ("return len(result)", "return len(result) + 1"),
        }
        for name, change in mutants.items():
            with self.subTest(name):
                good, output = self.tried(sources={"sensors.summary": changed(path, *change)})
                self.assertFalse(good, output)
                self.assertNotIn("current directory was changed", output)


if __name__ == "__main__":
    unittest.main()
