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

CODE, TESTS, FILES = 'frames.py', 'tests.test_frames', {'frames.py': '7b9b1bedd45c74a02bfc6f8ff5a4c95612c1805c75e7e9dd8103f53bd4b96b79', 'PROTOCOL.md': '8ae26e9aed31140b0b1a3580e083f4205c70f6290e76142f09e80cbeab46110b'}
KEPT = [
]
BROKEN = [
    ('length in one piece', ('        frames, at, data = [], 0, bytes(data)\n', '        frames, at, data = [], 0, bytes(data)\n        if self._left is None:\n            self._digits = b""\n')),
    ('payload in one piece', ('                self._payload += piece\n', '                self._payload[:] = piece\n')),
    ('comma in the same piece', ('                self._left -= len(piece)\n                at += len(piece)\n', '                self._left -= len(piece)\n                at += len(piece)\n                if not self._left and at == len(data):\n                    frames.append(bytes(self._payload))\n                    self._payload.clear()\n                    self._digits, self._left = b"", None\n')),
    ('comma is not looked at', ('                if data[at:at + 1] != b",":\n                    self._fail("no comma", frames)\n', '')),
    ('no empty payload', ('            self._left = int(self._digits)\n', '            self._left = int(self._digits)\n            if not self._left:\n                self._fail("empty", frames)\n')),
    ('empty payloads are dropped', ('                frames.append(bytes(self._payload))\n', '                if self._payload:\n                    frames.append(bytes(self._payload))\n')),
    ('bytearrays', ('                frames.append(bytes(self._payload))\n', '                frames.append(bytearray(self._payload))\n')),
    ('the same buffer', ('                frames.append(bytes(self._payload))\n                self._payload.clear()\n', '                frames.append(memoryview(self._payload).toreadonly())\n                self._payload = bytearray()\n')),
    ('no memoryview', ('        frames, at, data = [], 0, bytes(data)\n', '        if isinstance(data, memoryview):\n            raise TypeError(data)\n        frames, at, data = [], 0, bytes(data)\n')),
    ('nothing is the end', ('        frames, at, data = [], 0, bytes(data)\n', '        if not data:\n            self.close()\n        frames, at, data = [], 0, bytes(data)\n')),
    ('max_size is too long', ('int(self._digits) > self._max_size', 'int(self._digits) >= self._max_size')),
    ('waits for the colon', ('            self._left = int(self._digits)\n', '            self._left = int(self._digits)\n            if self._left > self._max_size:\n                self._fail("too long", frames)\n'), ('            if int(self._digits) > self._max_size:\n                self._fail("too long", frames)\n        else', '        else')),
    ('no limit', ('            if int(self._digits) > self._max_size:\n                self._fail("too long", frames)\n', '')),
    ('limit by digits', ('int(self._digits) > self._max_size', 'len(self._digits) > len(str(self._max_size))')),
    ('default is more', ('max_size=1000', 'max_size=1024')),
    ('leading zeros', (' and self._digits != b"0"', '')),
    ('no length', ('        if sign == b":" and self._digits:\n            self._left = int(self._digits)', '        if sign == b":":\n            self._left = int(self._digits or b"0")')),
    ('blanks in front', ('        sign = data[at:at + 1]\n', '        sign = data[at:at + 1]\n        if not self._digits and sign in b" \\r\\n":\n            return at + 1\n')),
    ('frames are lost', ('        raise FrameError(text, frames)\n\n    def close', '        raise FrameError(text, [])\n\n    def close')),
    ('all frames so far', ('        self._broken = False\n', '        self._broken, self._all = False, []\n'), ('                frames.append(bytes(self._payload))\n', '                frames.append(bytes(self._payload))\n                self._all.append(frames[-1])\n'), ('        raise FrameError(text, frames)\n\n    def close', '        raise FrameError(text, list(self._all))\n\n    def close')),
    ('works again', ('        self._broken = True\n        raise FrameError(text, frames)', '        self._digits, self._left = b"", None\n        self._payload.clear()\n        raise FrameError(text, frames)')),
    ('works again when fed nothing', ('        if self._broken:\n            raise FrameError("broken", [])\n        while', '        if self._broken and data:\n            raise FrameError("broken", [])\n        while')),
    ('close in the digits', ('or self._left is not None or self._digits:', 'or self._left is not None:')),
    ('close in the payload', ('or self._left is not None or self._digits:', 'or self._left == 0 or self._digits and self._left is None:')),
    ('close before the comma', ('or self._left is not None or self._digits:', 'or self._left or self._left is None and self._digits:')),
    ('close forgives', ('        if self._broken or self._left is not None or self._digits:\n            self._broken = True\n            raise', '        if self._broken:\n            return\n        if self._left is not None or self._digits:\n            self._broken = True\n            raise')),
    ('close does not break', ('            self._broken = True\n            raise FrameError("the stream', '            raise FrameError("the stream')),
    ('close is the end', ('            raise FrameError("the stream ended within a frame", [])\n', '            raise FrameError("the stream ended within a frame", [])\n        self._broken = True\n')),
    ('pending without digits', ('len(self._digits) + (self._left', '(self._left')),
    ('pending without colon', ('len(self._digits) + (self._left is not None) + len', 'len(self._digits) + len')),
    ('pending without payload', ('(self._left is not None) + len(self._payload)', '(self._left is not None)')),
    ('pending when broken', ('        if self._broken:\n            return 0\n        return len', '        return len')),
    ('encode: number of digits', ('return b"%d:%s," % (len(payload), bytes(payload))', 'return b"%02d:%s," % (len(payload), bytes(payload))')),
    ('encode: no comma for nothing', ('return b"%d:%s," % (len(payload), bytes(payload))', 'return b"%d:%s," % (len(payload), bytes(payload)) if payload else b"0:"')),
    ('encode: limit', ('    return b"%d:%s,"', '    if len(payload) > 1000:\n        raise FrameError("too long", [])\n    return b"%d:%s,"')),
    ('shared buffer', ('class Decoder:\n', 'class Decoder:\n    _shared = bytearray()\n\n'), ('        self._payload = bytearray()\n', '        self._payload = self._shared\n')),
    ('one frame a call', ('                at += 1\n        return frames', '                at += 1\n                self._rest = data[at:]\n                return frames\n        return frames')),
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
