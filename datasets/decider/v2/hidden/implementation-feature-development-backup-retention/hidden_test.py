import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = os.path.abspath("backup.sh")


class RetentionTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.source, self.target = self.root / "Team Files", self.root / "the target"
        self.source.mkdir(), self.target.mkdir()
        (self.source / "a.txt").write_text("a")

    def put(self, *names):
        for age, name in enumerate(names):
            path = self.target / name
            path.write_text("old")
            os.utime(path, (2_000_000_000 - age * 1000,) * 2)

    def run_it(self, *arguments, stamp="20240301-021500"):
        done = subprocess.run(["sh", SCRIPT, *map(str, arguments)], cwd=self.root, text=True, capture_output=True,
                              env={"PATH": os.environ["PATH"], "BACKUP_STAMP": stamp})
        return done

    def left(self):
        return sorted(p.name for p in self.target.iterdir())

    def test_newest_by_stamp(self):
        self.put("Team Files-20240105-000000.tar", "Team Files-20240106-000000.tar", "Team Files-20231231-235959.tar",
                 "Team Files-20240106-000001.tar")
        done = self.run_it("-k", 3, self.source, self.target)
        self.assertEqual((done.returncode, done.stdout), (0, f"{self.target}/Team Files-20240301-021500.tar\n"), done.stderr)
        self.assertEqual(self.left(), ["Team Files-20240106-000000.tar", "Team Files-20240106-000001.tar",
                                       "Team Files-20240301-021500.tar"])

    def test_others_stay(self):
        others = ["photos-raw-20240101-000000.tar", "photos-raw-20240102-000000.tar", "photos-old.tar", "photos-20240101-000000.tar.gz",
                  "photos-2024010-000000.tar", "my photos-20240101-000000.tar", "photos.tar", ".photos-20230101-000000.part",
                  "photos-2024x101-000000.tar"]
        self.put("photos-20240101-000000.tar", "photos-20240102-000000.tar", *others)
        (self.target / "sub").mkdir()
        (self.target / "sub" / "photos-20200101-000000.tar").write_text("x")
        done = self.run_it("-n", "photos", "-k", "1", self.source, self.target)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.left(), sorted([*others, "sub", "photos-20240301-021500.tar"]))
        self.assertTrue((self.target / "sub" / "photos-20200101-000000.tar").exists())

    def test_without_option_and_enough_room(self):
        self.put("photos-20240101-000000.tar", "photos-20240102-000000.tar")
        self.assertEqual(self.run_it("-n", "photos", self.source, self.target).returncode, 0)
        self.assertEqual(len(self.left()), 3)
        self.assertEqual(self.run_it("-k", "12", "-n", "photos", self.source, self.target, stamp="20240302-000000").returncode, 0)
        self.assertEqual(len(self.left()), 4)

    def test_odd_names(self):
        self.put("a*b-20240101-000000.tar", "axb-20240101-000000.tar", "axb-20240102-000000.tar")
        self.assertEqual(self.run_it("-n", "a*b", "-k", "1", self.source, self.target).returncode, 0)
        self.assertEqual(self.left(), ["a*b-20240301-021500.tar", "axb-20240101-000000.tar", "axb-20240102-000000.tar"])

    def test_bad_numbers(self):
        self.put("Team Files-20240101-000000.tar", "Team Files-20240102-000000.tar")
        for bad in ("0", "-1", "x", "", "1x", "2.5", "00"):
            done = self.run_it("-k", bad, self.source, self.target)
            self.assertEqual((done.returncode, len(self.left()), done.stdout), (2, 2, ""), bad)
            self.assertIn("usage: backup.sh [-n NAME] [-k COUNT] SOURCE TARGET", done.stderr)

    def test_failed_backup_removes_nothing(self):
        self.put("gone-20240101-000000.tar", "gone-20240102-000000.tar")
        done = self.run_it("-k", "1", self.root / "gone", self.target)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.left(), ["gone-20240101-000000.tar", "gone-20240102-000000.tar"])


if __name__ == "__main__":
    unittest.main()
