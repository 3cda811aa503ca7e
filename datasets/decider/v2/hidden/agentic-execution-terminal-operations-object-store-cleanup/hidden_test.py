import hashlib
import json
import os
import unittest

with open("hidden_expected.json", encoding="utf-8") as f:
    EXPECTED = json.load(f)


class StoreTest(unittest.TestCase):
    def test_files(self):
        found = {}
        for root, folders, files in os.walk("store"):
            if root.startswith("store/objects/"):
                self.assertTrue(files, root + " is empty")
            for name in files:
                path = os.path.join(root, name)
                with open(path, "rb") as f:
                    found[path] = hashlib.sha256(f.read()).hexdigest()[:12]
        self.assertEqual(found, EXPECTED["files"])

    def test_report(self):
        with open("report.json", encoding="utf-8") as f:
            self.assertEqual(json.load(f), EXPECTED["report"])
