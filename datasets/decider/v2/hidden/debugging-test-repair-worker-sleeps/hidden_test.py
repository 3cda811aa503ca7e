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


def forked(task, seconds=5):
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


import threading
import time
import queue  # noqa: F401

LATE = ("                self._handle(job)\n", "                threading.Event().wait(0.03)\n                self._handle(job)\n")
EAGER = ("            self._jobs.put(job)\n", "            self._jobs.put(job)\n        end = __import__('time').monotonic() + 0.02\n"
         "        while self._thread.is_alive() and self.pending() and __import__('time').monotonic() < end:\n            threading.Event().wait(0.001)\n")
SLOW_END = ("            with self._lock:\n                self._unfinished -= 1\n",
            "            threading.Event().wait(0.03)\n            with self._lock:\n                self._unfinished -= 1\n")
NAMES = ["tests.test_worker.WorkerTest.test_" + n for n in ("order", "error", "pending", "stop")]


def guard():
    def refused(*_):
        raise AssertionError("the tests sleep")
    time.sleep = refused
    original = unittest.TestCase.run

    def watched(test, result=None):
        original(test, result)
        left = [t for t in threading.enumerate() if t is not threading.main_thread()]
        for thread in left:
            thread.join(0.1)
        if any(t.is_alive() for t in left):
            print("a thread is left by " + test.id(), flush=True)
            os._exit(1)
    unittest.TestCase.run = watched


class RepairTest(unittest.TestCase):
    def test_code_untouched(self):
        self.assertEqual(digest("worker.py"), "b4a84b22152281ed514ec18cc4bc999f650d786721a3dd1b4bba0fcc3da71ae1")

    def test_no_clock(self):
        tree = ast.parse(pathlib.Path("tests/test_worker.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
                self.assertFalse({"time", "datetime", "asyncio"} & set(names))

    def test_green(self):
        for change in (None, LATE, EAGER, SLOW_END):
            with self.subTest(change=change):
                sources = {"worker": changed("worker.py", *change)} if change else None
                began = time.monotonic()
                good, output = run(NAMES, sources, guard, least=4)
                self.assertTrue(good, output)
                self.assertLess(time.monotonic() - began, 5)
        for name in NAMES:
            good, output = run(name, None, guard)
            self.assertTrue(good, output)

    def test_mutants(self):
        mutants = {
            "order": ("queue.Queue()", "queue.LifoQueue()"),
            "error ends the thread": ("                if self._on_error:\n", "                if self._on_error or True:\n                    self._thread = threading.current_thread()\n"
                                      "                    self._on_error(job, error)\n                    return\n                if self._on_error:\n"),
            "error is lost": ("self._on_error(job, error)", "pass"),
            "wrong job": ("self._on_error(job, error)", "self._on_error(None, error)"),
            "error text": ("self._on_error(job, error)", "self._on_error(job, str(error))"),
            "no handler": ("                if self._on_error:\n", "                if True:\n"),
            "error stays pending": ("            except Exception as error:\n", "            except Exception as error:\n                with self._lock:\n                    self._unfinished += 1\n"),
            "never less": ("                self._unfinished -= 1\n", "                pass\n"),
            "takes jobs": ("            if not self._open:\n", "            if False:\n"),
            "stop drops": ("                self._jobs.put(_END)\n", "                while not self._jobs.empty():\n                    self._jobs.get()\n                self._jobs.put(_END)\n"),
            "stop waits": ("                self._jobs.put(_END)\n", "                self._jobs.put(_END)\n        while self._thread.is_alive():\n            self._thread.join(0.05)\n"),
            "stop twice": ("            if self._open:\n", "            if not self._open:\n                raise RuntimeError('stopped')\n            if self._open:\n"),
            "never ends": ("                return\n", "                continue\n"),
            "join says yes": ("return not self._thread.is_alive()", "return True"),
            "join says no": ("return not self._thread.is_alive()", "return False"),
            "early submit is lost": ("        self._thread.start()\n", "        self._jobs = queue.Queue()\n        self._thread.start()\n"),
            "running is not pending": ("            job = self._jobs.get()\n", "            job = self._jobs.get()\n            if job is not _END:\n                self._unfinished -= 1\n"),
        }
        sources = {}
        for name, change in mutants.items():
            sources[name] = changed("worker.py", *change)
        sources["running is not pending"] = sources["running is not pending"].replace("            with self._lock:\n                self._unfinished -= 1\n", "")
        for name, source in sources.items():
            good, output = run(NAMES, {"worker": source}, shorter)
            self.assertFalse(good, name + output)
            self.assertIn("Ran 4 tests", output, name + ": the run hangs")


def shorter():
    """Waits with a timeout end soon; they can only end in vain on a broken worker."""
    condition, thread, get = threading.Condition.wait, threading.Thread.join, queue.Queue.get

    def less(timeout):
        return timeout if timeout is None else min(timeout, 0.15)
    threading.Condition.wait = lambda self, timeout=None: condition(self, less(timeout))
    threading.Thread.join = lambda self, timeout=None: thread(self, less(timeout))
    queue.Queue.get = lambda self, block=True, timeout=None: get(self, block, less(timeout))


if __name__ == "__main__":
    unittest.main()
