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

CODE, TESTS, FILES = 'bus.py', 'tests.test_bus', {'bus.py': '8bb5b26c48ae18cfc8c82bee77a9df2ddc61da93d633ffb70da8377c67828c59'}
KEPT = [
]
BROKEN = [
    ('end twice fails', ('        if subscription.active:\n            subscription.active = False\n            self._subscriptions.remove(subscription)\n', '        subscription.active = False\n        self._subscriptions.remove(subscription)\n')),
    ('end takes all of the handler', ('            self._subscriptions.remove(subscription)\n', '            self._subscriptions[:] = [s for s in self._subscriptions if (s.topic, s.handler) != (subscription.topic, subscription.handler)]\n')),
    ('end twice takes another', ('        if subscription.active:\n            subscription.active = False\n            self._subscriptions.remove(subscription)\n', '        subscription.active = False\n        for s in self._subscriptions:\n            if s.handler == subscription.handler and s.topic == subscription.topic:\n                self._subscriptions.remove(s)\n                break\n')),
    ('same handler once', ('        subscription = Subscription(topic, handler, priority, once)\n', '        subscription = Subscription(topic, handler, priority, once)\n        for s in self._subscriptions:\n            if (s.topic, s.handler, s.once) == (topic, handler, once):\n                return lambda: self._end(s)\n')),
    ('once ends after', ('            if subscription.once:\n                self._end(subscription)\n', ''), ('            called += 1\n            try:\n                subscription.handler(*args)\n            except Exception as error:\n                first_error = first_error or error\n', '            called += 1\n            try:\n                subscription.handler(*args)\n            except Exception as error:\n                first_error = first_error or error\n            if subscription.once:\n                self._end(subscription)\n')),
    ('once for ever', ('            if subscription.once:\n                self._end(subscription)\n', '')),
    ('once without priority', ('return self._add(topic, handler, priority, True)', 'return self._add(topic, handler, 0, True)')),
    ('once cannot be ended', ('        return lambda: self._end(subscription)', '        return (lambda: None) if once else (lambda: self._end(subscription))')),
    ('lower first', ('key=lambda s: -s.priority', 'key=lambda s: s.priority')),
    ('newest first', ('if s.topic in (topic, "*")]', 'if s.topic in (topic, "*")][::-1]')),
    ('star behind', ('key=lambda s: -s.priority', 'key=lambda s: (-s.priority, s.topic == "*")')),
    ('star behind all', ('key=lambda s: -s.priority', 'key=lambda s: (s.topic == "*", -s.priority)')),
    ('star in front', ('key=lambda s: -s.priority', 'key=lambda s: (-s.priority, s.topic != "*")')),
    ('no star', ('if s.topic in (topic, "*")]', 'if s.topic == topic]')),
    ('star gets the topic', ('                subscription.handler(*args)', '                subscription.handler(*([topic] if subscription.topic == "*" else []), *args)')),
    ('first argument only', ('                subscription.handler(*args)', '                subscription.handler(*args[:1])')),
    ('counts all', ('        return called\n', '        return len(chosen)\n')),
    ('emit star', ('        if topic == "*":\n            raise ValueError("a topic is wanted")\n', '')),
    ('new ones are called', ('        for subscription in chosen:\n', '        for subscription in chosen:\n            chosen += [s for s in self._subscriptions if s.topic in (topic, "*") and s not in chosen]\n')),
    ('ended ones are called', ('            if not subscription.active:\n                continue\n            if subscription.once:\n', '            if not subscription.active and subscription.once:\n                continue\n            if subscription.once:\n')),
    ('ended once is called', ('            if not subscription.active:\n                continue\n', '            if not subscription.active and not subscription.once:\n                continue\n')),
    ('nested emits see the old list', ('        self._subscriptions = []', '        self._running = {}\n        self._subscriptions = []'), ('        chosen = [s for s in self._subscriptions if s.topic in (topic, "*")]\n', '        chosen = self._running.get(topic) or [s for s in self._subscriptions if s.topic in (topic, "*")]\n        self._running[topic] = list(chosen)\n'), ('        if first_error is not None:\n', '        self._running.pop(topic, None)\n        if first_error is not None:\n')),
    ('stops at an error', ('                first_error = first_error or error\n', '                first_error = first_error or error\n                break\n')),
    ('last error', ('first_error = first_error or error', 'first_error = error')),
    ('errors vanish', ('            raise first_error\n', '            pass\n')),
    ('falsy results stop', ('                subscription.handler(*args)\n', '                if subscription.handler(*args) is False:\n                    break\n')),
    ('count with star', ('sum(s.topic == topic for s', 'sum(s.topic in (topic, "*") for s')),
    ('count star is all', ('        return sum(s.topic == topic', '        return sum(topic == "*" or s.topic == topic')),
    ('count of handlers', ('        return sum(s.topic == topic for s in self._subscriptions)', '        return len({s.handler for s in self._subscriptions if s.topic == topic})')),
    ('priorities as sizes', ('key=lambda s: -s.priority', 'key=lambda s: -abs(s.priority)')),
    ('zero is None', ('        return called\n', '        return called or None\n')),
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
