import hashlib
import os
import unittest

EXPECTED = {
    'archive/2029/line\nbreak.txt': ['link', 'archive/2029/report (copy).txt'],
    'archive/2029/q1/-report.txt': ['link', 'archive/2029/report (copy).txt'],
    'archive/2029/report (copy).txt': ['file', 'b6a98d9ce9a2', 1800000010, 292],
    'archive/2030/almost-beta.bin': ['file', '7ce939b76865', 1800000001, 420],
    'archive/2030/beta.bin': ['file', 'c6749e4b10f1', 1800000005, 420],
    'archive/2030/beta2.bin': ['link', 'archive/2030/beta.bin'],
    'archive/2030/empty2': ['file', 'e3b0c44298fc', 1800000002, 420],
    'archive/2030/link-to-report': ['link', 'archive/2029/q1/-report.txt'],
    'archive/2031/[b]/delta': ['file', '673953e0ad7f', 1800000007, 420],
    'archive/2031/alpha-no-newline': ['file', '8ed3f6ad685b', 1800000002, 420],
    'archive/2031/dangling': ['link', 'archive/2031/gone'],
    'archive/2031/delta': ['link', 'archive/2031/[b]/delta'],
    'archive/2031/gamma*.csv': ['link', 'archive/2031/x/y/gamma.csv'],
    'archive/2031/single': ['file', '41e8afe696ee', 1800000003, 420],
    'archive/2031/x/gamma.csv': ['link', 'archive/2031/x/y/gamma.csv'],
    'archive/2031/x/y/gamma.csv': ['file', 'e71b3a62058c', 1800000080, 420],
    'archive/Beta.bin': ['link', 'archive/2030/beta.bin'],
    'archive/a report.txt': ['link', 'archive/2029/report (copy).txt'],
    'archive/empty1': ['file', 'e3b0c44298fc', 1800000001, 420],
    'archive/legal/.keep-files': ['file', 'e3b0c44298fc', 1800000000, 420],
    'archive/legal/beta.bin': ['file', 'c6749e4b10f1', 1799999900, 420],
    'archive/legal/old/alpha.txt': ['file', 'b6a98d9ce9a2', 1799999910, 420],
    'archive/link-to-beta': ['link', 'archive/legal/beta.bin'],
}


class ArchiveTest(unittest.TestCase):
    def test_tree(self):
        found = {}
        for root, _, files in os.walk("archive"):
            for name in files:
                path = os.path.join(root, name)
                info = os.lstat(path)
                if os.path.islink(path):
                    target = os.readlink(path)
                    self.assertFalse(os.path.isabs(target), path)
                    found[path] = ["link", os.path.normpath(os.path.join(root, target))]
                else:
                    with open(path, "rb") as f:
                        found[path] = ["file", hashlib.sha256(f.read()).hexdigest()[:12], int(info.st_mtime), info.st_mode & 0o777]
        self.assertEqual(found, EXPECTED)
