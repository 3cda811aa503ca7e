import os
import unittest

DAY = 86400
T = 1924992000
EXPECTED = {
    "2031-01-01_01.jpg": ("a", 3600), "2031-01-01_02.jpg": ("c", 10800), "2031-01-01_02.xmp": ("side c", 9 * DAY), "2031-01-01_03.jpg": ("e", 14400), "2031-01-01_04.jpg": ("b", 18000), "2031-01-01_04.xmp": ("side b", 5), "2031-01-01_05.jpg": ("d", DAY - 1),
    "2031-01-02_01.jpg": ("g", DAY), "2031-01-02_02.jpg": ("f", DAY + 9), "2031-01-03_01.jpg": ("i", 2 * DAY), "2031-01-03_02.jpg": ("h", 2 * DAY), "2031-01-03_03.jpg": ("s", 2 * DAY + 1),
    "notes.txt": ("n", 0), "clip.mp4": ("m", 0), "lonely.xmp": ("l", 0), "holiday/beach.jpg.txt": ("bt", 0), "holiday/-x.xmp": ("no side", 0)}


class PhotosTest(unittest.TestCase):
    def test_tree(self):
        found = {}
        for root, folders, files in os.walk("photos"):
            self.assertTrue(folders or files, root)
            for name in files:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    with open(path) as f:
                        found[os.path.relpath(path, "photos")] = (f.read(), int(os.stat(path).st_mtime) - T)
        self.assertEqual(found, EXPECTED)

    def test_link(self):
        self.assertEqual(os.readlink("photos/best.jpg"), "DSC_0001.JPG")
