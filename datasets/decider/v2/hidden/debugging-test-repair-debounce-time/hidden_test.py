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


import asyncio
import random
import time

NAMES = ["tests.test_batcher.BatcherTest.test_" + n for n in ("quiet", "longest", "most", "no_overlap", "retry", "close")]


def busy():
    """Callbacks are slow, and the wall clock jumps."""
    original, real, nap, count = asyncio.events.Handle._run, time.time, time.sleep, [0]

    def slow(handle):
        count[0] += 1
        if count[0] % 7 == 0:
            nap(0.004)
        return original(handle)
    asyncio.events.Handle._run = slow
    time.time = lambda: real() + random.choice((0, 3600, -7200))


class RepairTest(unittest.TestCase):
    def test_code_untouched(self):
        self.assertEqual(digest("batcher.py"), "15dbe068c24c78104ce0137f02ea62c6a6b7755f7fee590dbe01fdedd641609e")

    @classmethod
    def setUpClass(cls):
        # A suite that is not green, or too slow, need not be tried on every broken version.
        for names, before, order in (("tests.test_batcher", None, None), ("tests.test_batcher", busy, lambda tests: tests[::-1]),
                                     (NAMES, busy, lambda tests: tests[3:] + tests[:3])):
            began = time.monotonic()
            good, output = run(names, None, before, order, least=6)
            if not good or "never awaited" in output or before is None and time.monotonic() - began > 0.8:
                raise AssertionError(output)

    def test_mutants(self):
        mutants = {
            "quiet from the first": ("min(now + self.quiet, self._first + self.longest)", "min(self._first + self.quiet, self._first + self.longest)"),
            "quiet a little late": ("now + self.quiet,", "now + self.quiet + 0.01,"),
            "default quiet": ("quiet=2.0", "quiet=2.5"),
            "no longest": ("min(now + self.quiet, self._first + self.longest)", "now + self.quiet"),
            "longest from the last": ("self._first + self.longest))", "now + self.longest))"),
            "default longest": ("longest=10.0", "longest=10.1"),
            "first is kept": ("items, self._items, self._first = self._items, [], None", "items, self._items = self._items, []"),
            "one more": ("len(self._items) >= self.most", "len(self._items) > self.most"),
            "default most": ("most=5", "most=4"),
            "not at once": ("            self._set_timer(now)\n", "            self._set_timer(now + 0.05)\n"),
            "overlap": ("if self._task is None and self._items:", "if self._items:"),
            "lost while sending": ("            if self._items and self._timer is None:\n                self._due()\n", ""),
            "too early after a send": ("if self._items and self._timer is None:", "if self._items:"),
            "cut to most": ("            self._task = None\n            if", "            self._task = None\n            self._items = self._items[:self.most]\n            if"),
            "retry behind": ("self._items[:0] = items", "self._items += items"),
            "retry loses": ("            self._items[:0] = items\n", ""),
            "retry later": ("self._set_timer(self._pause)", "self._set_timer(self._pause + 0.1)"),
            "default retry": ("retry=30.0", "retry=29.0"),
            "no pause": ("        if now < self._pause:\n            return\n", ""),
            "pause from the start": ("        items = self._take()\n", "        items = self._take()\n        began = asyncio.get_running_loop().time()\n"),
            "waits for the old timer": ("            self._set_timer(self._pause)\n", "            if self._timer is None:\n                self._set_timer(self._pause)\n"),
            "endless pause": ("            self._pause = asyncio.get_running_loop().time() + self.retry\n            self._task = None\n            self._set_timer(self._pause)\n",
                              "            self._pause = float('inf')\n            self._task = None\n            self._set_timer(asyncio.get_running_loop().time() + self.retry)\n"),
            "close drops": ("                await self._send(self._take())\n", "                self._take()\n"),
            "close does not wait": ("                await asyncio.wait([self._task])\n", "                break\n"),
            "close keeps the pause": ("                self._pause = 0.0\n", ""),
            "close swallows": ("                await self._send(self._take())\n", "                try:\n                    await self._send(self._take())\n                except Exception:\n                    pass\n"),
            "close keeps": ("                await self._send(self._take())\n", "                await self._send(list(self._items))\n                self._take()\n"),
            "close once": ("        while self._items or self._task:\n            if self._task:\n                await asyncio.wait([self._task])\n            else:\n",
                           "        if self._items or self._task:\n            if self._task:\n                await asyncio.wait([self._task])\n            if self._items:\n"),
        }
        sources = {name: changed("batcher.py", *change) for name, change in mutants.items()}
        sources["pause from the start"] = sources["pause from the start"].replace("self._pause = asyncio.get_running_loop().time() +", "self._pause = began +")
        self.assertEqual(survivors("tests.test_batcher", {name: {"batcher": source} for name, source in sources.items()}), [])


if __name__ == "__main__":
    unittest.main()
