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

CODE, TESTS, FILES = 'jobs.py', 'tests.test_jobs', {'jobs.py': '0027084f77e2cb0b92d980c3d6a4204f1a0c70fdd270777a848ae45c36a38778'}
KEPT = [
]
BROKEN = [
    ('remove: only down', ('            self._places[last[2]] = place\n            self._down(self._up(place))', '            self._places[last[2]] = place\n            self._down(place)')),
    ('remove: only up', ('            self._places[last[2]] = place\n            self._down(self._up(place))', '            self._places[last[2]] = place\n            self._up(place)')),
    ('remove: not moved', ('            self._places[last[2]] = place\n            self._down(self._up(place))', '            self._places[last[2]] = place')),
    ('remove: place not noted', ('            self._places[last[2]] = place\n            self._down', '            self._down')),
    ('remove: urgency of the last', ('        urgency = self._heap[place][0]\n        last', '        urgency = self._heap[-1][0]\n        last')),
    ('remove: no error', ('        place = self._places.pop(job)\n        urgency', '        place = self._places.pop(job, None)\n        if place is None:\n            return None\n        urgency')),
    ('change: only up', ('        self._heap[place] = [urgency, self._number, job]\n        self._down(self._up(place))', '        self._heap[place] = [urgency, self._number, job]\n        self._up(place)')),
    ('change: only down', ('        self._heap[place] = [urgency, self._number, job]\n        self._down(self._up(place))', '        self._heap[place] = [urgency, self._number, job]\n        self._down(place)')),
    ('change: keeps its number', ('        self._number += 1\n        self._heap[place] = [urgency, self._number, job]', '        self._heap[place] = [urgency, self._heap[place][1], job]')),
    ('change: same is new', ('        if self._heap[place][0] == urgency:\n            return\n', '')),
    ('change: later only', ('        if self._heap[place][0] == urgency:', '        if self._heap[place][0] >= urgency:')),
    ('change: earlier only', ('        if self._heap[place][0] == urgency:', '        if self._heap[place][0] <= urgency:')),
    ('change: adds', ('        place = self._places[job]\n        if self', '        if job not in self._places:\n            return self.add(job, urgency)\n        place = self._places[job]\n        if self')),
    ('add: again', ('        if job in self._places:\n            raise ValueError(job)\n        self._number', '        if job in self._places:\n            return self.change(job, urgency)\n        self._number')),
    ('add: changes and raises', ('            raise ValueError(job)\n        self._number', '            self.change(job, urgency)\n            raise ValueError(job)\n        self._number')),
    ('add: newest first', ('[urgency, self._number, job])\n        self._places', '[urgency, -self._number, job])\n        self._places')),
    ('add: by job', ('        self._heap.append([urgency, self._number, job])', '        self._heap.append([urgency, 0, job])')),
    ('add: not moved', ('        self._up(len(self._heap) - 1)\n', '')),
    ('add: remembers the old number', ('        self._number = 0\n', '        self._number = 0\n        self._old = {}\n'), ('        self._heap.append([urgency, self._number, job])', '        self._heap.append([urgency, self._old.setdefault(job, self._number), job])')),
    ('pop: does not take out', ('        self.remove(job)\n        return job', '        return job')),
    ('pop: KeyError', ('        job, urgency = self.peek()\n', '        if not self._heap:\n            raise KeyError\n        job, urgency = self.peek()\n')),
    ('in: first only', ('        return job in self._places\n', '        return job in self._places and self._places[job] < 16\n')),
    ('in: by identity', ('        return job in self._places\n', '        return any(job is entry[2] for entry in self._heap)\n')),
    ('iter: as in the heap', ('iter([job for _, _, job in sorted(self._heap, key=lambda entry: entry[:2])])', 'iter([job for _, _, job in self._heap])')),
    ('iter: by urgency only', ('sorted(self._heap, key=lambda entry: entry[:2])', 'sorted(self._heap, key=lambda entry: entry[0])')),
    ('iter: empties', ('        return iter([job for _, _, job in sorted(self._heap, key=lambda entry: entry[:2])])', '        while self._heap:\n            yield self.pop()[0]')),
    ('up: one step', ('            place = self._swap(place, (place - 1) // 2)\n', '            return self._swap(place, (place - 1) // 2)\n')),
    ('down: left only', ('(2 * place + 1, 2 * place + 2)', '(2 * place + 1,)')),
    ('down: last is missed', ('if p < len(self._heap)]', 'if p < len(self._heap) - 1]')),
    ('down: one step', ('            place = self._swap(place, least)', '            return self._swap(place, least)')),
    ('up: urgency only', ('self._heap[place][:2] < self._heap[(place - 1) // 2][:2]', 'self._heap[place][0] < self._heap[(place - 1) // 2][0]')),
    ('down: urgency only', ('self._heap[place][:2] < self._heap[least][:2]', 'self._heap[place][0] <= self._heap[least][0]')),
    ('swap: one place', ('        self._places[heap[other][2]] = other\n', '')),
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
