import os
import unittest

KEPT = ["r03", "r04", "r07", "r08", "r09", "r10", "r11"]
UPLOADS = {"logo.png": "logo", "a/one.txt": "one r02", "a/two.txt": "two shared", "same.txt": "same shared", "b/c/new.txt": "new r02", "only5.txt": "only5"}


def tree(top):
    found = {}
    for root, _, files in os.walk(top):
        for name in files:
            path = os.path.join(root, name)
            with open(path) as f:
                found[os.path.relpath(path, top)] = f.read()
    return found


class ReleasesTest(unittest.TestCase):
    def test_releases(self):
        self.assertEqual(sorted(os.listdir("releases")), KEPT)
        for name in KEPT:
            with open("releases/" + name + "/app.py") as f:
                self.assertEqual(f.read(), name)
        self.assertEqual(os.readlink("releases/r03/uploads"), "../../shared/uploads")
        self.assertEqual(tree("releases/r09/uploads"), {"kept.txt": "kept"})

    def test_uploads(self):
        self.assertEqual(tree("shared/uploads"), UPLOADS)
        self.assertEqual(tree("shared/conf"), {"app.ini": "x\n"})

    def test_times(self):
        self.assertEqual(int(os.stat("shared/uploads/a/one.txt").st_mtime), 1930000200)
        self.assertEqual(int(os.stat("shared/uploads/b/c/new.txt").st_mtime), 1930000001)

    def test_links(self):
        self.assertEqual(sorted(os.listdir("links")), ["app", "before", "beta", "conf", "current", "previous"])

    def test_report(self):
        with open("pruned.txt") as f:
            self.assertEqual(f.read().split("\n"), ["r01", "r02", "r05", "r06", "r12", ""])
