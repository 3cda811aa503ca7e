import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = os.path.abspath("levels.sh")
ONE = """started by cron
2024-05-02T00:00:03 INFO main up
2024-05-02T00:01:10 ERROR db lost the connection
Traceback
  at db.connect

2024-05-01T23:59:59 WARN net.pool ERROR in message
2024-05-02T00:02:00 WARN db again
2024-05-02T00:02:01 WARN cache again
2024-05-02T00:02:02 ERROR cache
"""
TWO = """\tat the tail of an entry of another file
  2024-05-02T00:00:03 ERROR x indented
2024-05-02T10:00:00 DEBUG Main x
2024-05-02T10:00 ERROR main no seconds
2024-05-02T10:00:00  ERROR main two blanks
2024-05-03T10:00:00 ERRORS main other level
2024-05-02T10:00:00 FATAL main other level
12024-05-02T10:00:00 ERROR main x
2024-05-03T10:00:00 INFO a b
2024-05-03T10:00:01 DEBUG a b"""


class LevelsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def run_it(self, *texts, names=("one.log", "the second.log", "-x"), extra=(), stdin=None):
        for name, text in zip(names, texts):
            (self.root / name).write_text(text)
        done = subprocess.run(["sh", SCRIPT, *["./" + n for n in names[:len(texts)]], *extra], cwd=self.root, text=True, capture_output=True, env={"PATH": os.environ["PATH"]}, input=stdin)
        return done.returncode, done.stdout.splitlines(), done.stderr

    ALL = ["2024-05-01 total=1 ERROR=0 WARN=1 lines=1 top=net.pool", "2024-05-02 total=6 ERROR=2 WARN=2 lines=14 top=cache", "2024-05-03 total=2 ERROR=0 WARN=0 lines=2 top=-",
           "all total=9 ERROR=2 WARN=3 lines=17"]

    def test_two_files(self):
        self.assertEqual(self.run_it(ONE, TWO), (0, self.ALL, ""))

    def test_order_of_files(self):
        self.assertEqual(self.run_it(TWO, ONE), (0, self.ALL, ""))

    def test_standard_input(self):
        self.assertEqual(self.run_it(stdin=ONE)[:2], (0, ["2024-05-01 total=1 ERROR=0 WARN=1 lines=1 top=net.pool", "2024-05-02 total=5 ERROR=2 WARN=2 lines=8 top=cache",
                                                          "all total=6 ERROR=2 WARN=3 lines=9"]))

    def test_nothing(self):
        self.assertEqual(self.run_it("", "only\ntext\n"), (0, ["all total=0 ERROR=0 WARN=0 lines=0"], ""))
        self.assertEqual(self.run_it(stdin="")[:2], (0, ["all total=0 ERROR=0 WARN=0 lines=0"]))

    def test_unreadable(self):
        code, lines, error = self.run_it(TWO, extra=("nowhere.log",), stdin=ONE)
        self.assertEqual((code, lines), (1, ["2024-05-02 total=1 ERROR=0 WARN=0 lines=6 top=-", "2024-05-03 total=2 ERROR=0 WARN=0 lines=2 top=-", "all total=3 ERROR=0 WARN=0 lines=8"]))
        self.assertIn("nowhere.log", error)
        code, lines, error = self.run_it(extra=("nowhere.log",), stdin=ONE)
        self.assertEqual((code, lines), (1, ["all total=0 ERROR=0 WARN=0 lines=0"]))

    def test_top(self):
        text = "".join(f"2024-01-0{d}T00:00:00 {level} {source} m\n" for d, level, source in [(1, "WARN", "b"), (1, "ERROR", "a"), (1, "INFO", "c"), (1, "INFO", "c"), (1, "INFO", "c"), (2, "WARN", "a"),
                       (2, "WARN", "B"), (4, "ERROR", "z"), (4, "WARN", "z"), (4, "ERROR", "a")])
        self.assertEqual([line.split("top=")[1] for line in self.run_it(text)[1][:-1]], ["a", "B", "z"])


if __name__ == "__main__":
    unittest.main()
