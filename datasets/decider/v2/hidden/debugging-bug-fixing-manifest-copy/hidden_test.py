import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = os.path.abspath("collect.sh")


class CollectTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in ("a.txt", "sub dir/b.txt", "sub dir/deep/c d.txt", " x ", "back\\nslash", "#5.txt", "-n", "e.txt"):
            path = self.root / "from here" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("<" + name)

    def collect(self, text, to="to there"):
        (self.root / "the list").write_text(text)
        done = subprocess.run(["sh", SCRIPT, "the list", "from here", to], cwd=self.root, text=True, capture_output=True, env={"PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL)
        found = {str(p.relative_to(self.root / to)): p.read_text() for p in (self.root / to).rglob("*") if p.is_file()}
        for name, content in found.items():
            self.assertEqual(content, "<" + name)
        return done.returncode, done.stdout.splitlines()[-1:], sorted(found), done.stderr

    def test_all_there(self):
        self.assertEqual(self.collect("a.txt\nsub dir/b.txt\n\nsub dir/deep/c d.txt\n"),
                         (0, ["copied 3, missing 0"], ["a.txt", "sub dir/b.txt", "sub dir/deep/c d.txt"], ""))

    def test_last_line(self):
        self.assertEqual(self.collect("# the hall\na.txt\ne.txt"), (0, ["copied 2, missing 0"], ["a.txt", "e.txt"], ""))
        self.assertEqual(self.collect("e.txt", "other")[:3], (0, ["copied 1, missing 0"], ["e.txt"]))

    def test_missing(self):
        self.assertEqual(self.collect("no\\tpe\na.txt\n  gone\nsub dir\nnever"),
                         (1, ["copied 1, missing 4"], ["a.txt"], "missing: no\\tpe\nmissing:   gone\nmissing: sub dir\nmissing: never\n"))

    def test_names(self):
        self.assertEqual(self.collect(" x \nback\\nslash\n-n\n#5.txt"), (0, ["copied 3, missing 0"], sorted([" x ", "back\\nslash", "-n"]), ""))

    def test_blank_line_is_a_name(self):
        self.assertEqual(self.collect(" \n#\n")[:2], (1, ["copied 0, missing 1"]))

    def test_empty(self):
        self.assertEqual(self.collect("")[:2], (0, ["copied 0, missing 0"]))
        self.assertEqual(self.collect("# none\n")[:2], (0, ["copied 0, missing 0"]))

    def test_no_manifest(self):
        done = subprocess.run(["sh", SCRIPT, "nope", "from here", "to"], cwd=self.root, text=True, capture_output=True, env={"PATH": os.environ["PATH"]})
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
