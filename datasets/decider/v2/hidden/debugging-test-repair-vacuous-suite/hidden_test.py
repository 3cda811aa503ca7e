import gc
import hashlib
import inspect
import json
import os
import pathlib
import pkgutil
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unittest
import warnings
from collections import namedtuple
from unittest import _log, async_case, mock  # noqa: F401

Outcome = namedtuple("Outcome", "ok tests skipped seconds output")
clock = time.perf_counter
# What is imported and compiled here, no child has to import and compile again.
pkgutil.resolve_name("os")
inspect.signature(len)


def forked(action, limit=20):
    """What `action()` returned in a forked child, and what the child printed.

    None instead of a value when the child raised, exited by itself or took more than `limit` seconds.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            try:
                gc.freeze()
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
                sys.stdout, sys.stderr = (open(n, "w", buffering=1, closefd=False) for n in (1, 2))
                value = action()
                gc.collect()
                os.write(writer, json.dumps(value).encode() + b"\n")
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        os.close(writer)
        line = b""
        try:
            if select.select([reader], [], [], limit)[0]:
                line = os.read(reader, select.PIPE_BUF)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reader)
        output.seek(0)
        return json.loads(line) if line.endswith(b"\n") else None, output.read().decode(errors="replace")


def run(make_suite, replace=None, limit=20):
    """Outcome of a test suite in a copy of the project, with some files replaced; `make_suite()` is called in the child."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = pathlib.Path(folder, "w")
        shutil.copytree(".", work, ignore=shutil.ignore_patterns("__pycache__", ".git", "_mutants", "hidden_test.py"))
        for path, source in (replace or {}).items():
            shutil.copyfile(pathlib.Path("_mutants", source), work / path)

        def action():
            here, path = os.getcwd(), os.environ["PATH"]
            os.environ.clear()
            os.environ.update(PATH=path, HOME=folder)
            os.chdir(work)
            sys.argv = ["python3 -m unittest"]
            sys.path[:] = [str(work)] + [p for p in sys.path if p not in ("", here)]
            sys.path_importer_cache.clear()
            sys.modules.pop("hidden_test", None)
            warnings.resetwarnings()
            warnings.simplefilter("always")
            began = clock()
            result = unittest.TextTestRunner(failfast=bool(replace)).run(make_suite())
            seconds = clock() - began
            return result.wasSuccessful() and result.testsRun > 0, result.testsRun, len(result.skipped), seconds

        value, output = forked(action, limit)
        return Outcome(*(value or (False, 0, 0, 0)), output)


def named(*names):
    """A maker of the suite that `python3 -m unittest NAMES` runs."""
    return lambda: unittest.defaultTestLoader.loadTestsFromNames(names)


SUITE = named("tests.test_reminders")
NAMES = ("announce", "gives_up", "remind", "remind_all", "retry", "steps")


class RepairTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A suite that is not green, or too slow, need not be tried on every broken version.
        cls.good = run(SUITE, limit=4)
        if not cls.good.ok or cls.good.seconds >= 2:
            raise AssertionError(cls.good.output)

    def test_code_untouched(self):
        for path, digest in (("billing/reminders.py", "54ccc2ca3a5ff05288b650b4065cc22685c02ed2058b533e68ec2dc46cdafc26"),
                             ("billing/mailer.py", "c1bc08fb0b803b791337ab9bb488a7e626053a7609619a56cc3a9592f942a474")):
            self.assertEqual(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest(), digest)

    def test_green(self):
        for outcome in (self.good, run(SUITE, {"billing/reminders.py": "good_again.py"})):
            self.assertEqual((outcome.ok, outcome.skipped), (True, 0), outcome.output)
            self.assertNotIn("Warning", outcome.output)

    def test_the_six_without_others_and_backwards(self):
        outcome = run(named(*("tests.test_reminders.RemindersTest.test_" + name for name in reversed(NAMES))))
        self.assertEqual((outcome.ok, outcome.tests, outcome.skipped), (True, 6, 0), outcome.output)

    def test_mutants(self):
        for mutant in sorted(pathlib.Path("_mutants").glob("*.py")):
            if mutant.name != "good_again.py":
                with self.subTest(mutant.name):
                    outcome = run(SUITE, {"billing/reminders.py": mutant.name})
                    self.assertFalse(outcome.ok, outcome.output)


if __name__ == "__main__":
    unittest.main()
