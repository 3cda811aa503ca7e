import datetime
import gc
import hashlib
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
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


NAMES = ["test_1_post", "test_2_tags", "test_3_tagged", "test_4_expiry", "test_5_newest_first"]
FORWARDS, BACKWARDS, MIXED = NAMES, NAMES[::-1], NAMES[2:] + NAMES[:2] + NAMES[::-1]


def board(when, names=FORWARDS):
    """A maker of a suite of the board's tests in this order, on this date."""
    def make():
        class FakeDate(datetime.date):
            @classmethod
            def today(cls):
                return cls(*when)

        datetime.date = FakeDate
        from tests.test_board import BoardTest
        found = unittest.defaultTestLoader.getTestCaseNames(BoardTest)
        assert found == NAMES, found
        return unittest.TestSuite(map(BoardTest, names))
    return make


class RepairTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # A suite that is not green need not be tried in every other way.
        cls.good = run(board((2027, 3, 1)))
        if not cls.good.ok:
            raise AssertionError(cls.good.output)

    def green(self, outcome):
        self.assertEqual((outcome.ok, outcome.skipped), (True, 0), outcome.output)
        self.assertNotIn("expected failure", outcome.output)

    def test_code_untouched(self):
        self.assertEqual(hashlib.sha256(pathlib.Path("board.py").read_bytes()).hexdigest(),
                         "87bcce678718af77c68d6185d99ff800a480583b13255a2aabfe955f3f179983")

    def test_dates_and_order(self):
        self.green(self.good)
        for when, names in (((2024, 2, 29), BACKWARDS), ((2025, 12, 31), MIXED), ((2031, 1, 1), FORWARDS), ((2026, 5, 31), BACKWARDS)):
            self.green(run(board(when, names)))

    def test_hash_seeds(self):
        # With these seeds the three tags of the tests come in five orders, and the titles of the third test in both.
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree("tests", pathlib.Path(folder, "tests"), ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy("board.py", folder)
            for seed in (1, 2, 4, 6, 9):
                done = subprocess.run([sys.executable, "-S", "-B", "-m", "unittest", "tests.test_board"], cwd=folder, timeout=20,
                                      text=True, capture_output=True,
                                      env={"PATH": os.environ["PATH"], "HOME": folder, "PYTHONHASHSEED": str(seed)})
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_alone(self):
        for name in NAMES:
            self.green(run(board((2028, 3, 1), [name])))

    def test_mutants(self):
        for mutant in sorted(pathlib.Path("_mutants").glob("*.py")):
            for when in ((2027, 3, 1), (2026, 5, 17)):
                with self.subTest(mutant.name):
                    self.assertFalse(run(board(when), {"board.py": mutant.name}).ok)


if __name__ == "__main__":
    unittest.main()
