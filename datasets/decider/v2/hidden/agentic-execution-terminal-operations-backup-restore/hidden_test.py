import os
import unittest

EXPECTED = {
    'bin/run': ['#!/bin/sh\necho 6\n', 0o755],
    'data/a.txt': ['a2\n', 0o644],
    'data/k.txt': ['k1\n', 0o644],
    'data/sub/c.txt': ['c4\n', 0o644],
    'etc/app.conf': ['v4\n', 0o600],
    'log/y': ['y6\n', 0o644],
}


class RestoreTest(unittest.TestCase):
    def test_tree(self):
        found = {}
        for root, folders, files in os.walk("restored"):
            self.assertTrue(folders or files, root + " is empty")
            for name in files:
                path = os.path.join(root, name)
                with open(path, encoding="utf-8") as f:
                    found[os.path.relpath(path, "restored")] = [f.read(), os.stat(path).st_mode & 0o777]
        self.assertEqual(found, EXPECTED)
