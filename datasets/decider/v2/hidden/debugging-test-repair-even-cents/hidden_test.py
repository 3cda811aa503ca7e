import gc
import hashlib
import json
import os
import pathlib
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

Outcome = namedtuple("Outcome", "ok tests skipped seconds output")
clock = time.perf_counter


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


class RepairTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A suite that is not green need not be tried on every broken version.
        good = run(named("tests.test_money"))
        if not good.ok:
            raise AssertionError(good.output)

    def test_code_untouched(self):
        self.assertEqual(hashlib.sha256(pathlib.Path("money.py").read_bytes()).hexdigest(),
                         "2c6cfa7535ed2f43b912f51c7dd47b98ca93ed8a9acd8529595a334f8a2e7a6f")

    def test_green(self):
        for name in ("to_cents", "add_vat", "split"):
            outcome = run(named("tests.test_money.MoneyTest.test_" + name))
            self.assertEqual((outcome.ok, outcome.tests, outcome.skipped), (True, 1, 0), outcome.output)

    def test_mutants(self):
        for mutant in sorted(pathlib.Path("_mutants").glob("*.py")):
            with self.subTest(mutant.name):
                self.assertFalse(run(named("tests.test_money"), {"money.py": mutant.name}).ok)


if __name__ == "__main__":
    unittest.main()
