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


from unittest import mock  # noqa: F401  (loaded once, before forking)


class RepairTest(unittest.TestCase):
    def test_code_untouched(self):
        self.assertEqual(digest("limiter.py"), "3bb7922884b5e8291cd65bfe9abc6b766fbe03df8436034d35c288c3d52ebc3e")

    def test_green(self):
        for name in ("window", "refused_calls_do_not_count", "wait"):
            good, output = run("tests.test_limiter.LimiterTest.test_" + name)
            self.assertTrue(good, output)
            self.assertIn("Ran 1 test in 0.0", output)

    def test_mutants(self):
        mutants = {
            "wall clock": ("now = monotonic()", "now = __import__('time').time()"),
            "still counts": (">= self.seconds", "> self.seconds"),
            "refused count": ("            return False\n", "            self._calls.append(now)\n            return False\n"),
            "newest": ("self._calls[0] + self", "self._calls[-1] + self"),
            "never zero": ("            return 0.0\n", "            return self.seconds\n"),
            "forgets nothing": ("            self._calls.popleft()", "            break"),
        }
        for name, change in mutants.items():
            with self.subTest(name):
                good, output = run("tests.test_limiter", {"limiter": changed("limiter.py", *change)})
                self.assertFalse(good, output)
                self.assertIn("Ran ", output)


if __name__ == "__main__":
    unittest.main()
