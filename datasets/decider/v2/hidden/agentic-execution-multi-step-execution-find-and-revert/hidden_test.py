import subprocess


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()


import importlib.util
import os
import tempfile
import unittest


def load(ref):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "span_under_test.py")
        with open(path, "w", encoding="utf-8") as f:
            f.write(git("show", ref + ":span.py"))
        spec = importlib.util.spec_from_file_location("span_under_test", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


class FixTest(unittest.TestCase):
    def setUp(self):
        self.bad = git("log", "--format=%H", "--fixed-strings", "--grep=Allow a blank before", "main")

    def test_culprit(self):
        with open("CULPRIT", encoding="utf-8") as f:
            self.assertEqual(f.read().strip(), self.bad)

    def test_history(self):
        self.assertEqual(git("rev-list", "--count", "main"), "27")
        self.assertEqual(git("log", "-1", "--format=%s", "main"), "Note 18")
        self.assertEqual(git("log", "--format=%P", "main..fix/span"), git("rev-parse", "main"))
        self.assertIn("This reverts commit " + self.bad, git("log", "-1", "--format=%B", "fix/span"))
        self.assertEqual(git("diff", "--name-only", "main", "fix/span").split(), ["span.py", "test_span.py"])
        self.assertEqual(git("rev-parse", "--abbrev-ref", "HEAD"), "fix/span")

    def test_behaviour(self):
        span = load("fix/span")
        self.assertEqual([span.seconds(t) for t in ("1h30m", "90s", "1d1s", "-1h30m", "2H5M", "")], [5400, 90, 86401, -5400, 7500, 0])
        self.assertEqual(span.seconds("1 h2s"), 2)
        self.assertEqual(span.show(3), "3 s")

    def test_their_test(self):
        self.assertIn("1h30m", git("show", "fix/span:test_span.py"))
