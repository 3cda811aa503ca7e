import unittest

from sift import find, wrap


class SiftTest(unittest.TestCase):
    def test_find(self):
        options, folders = find.parse(["-d", "2", "src", "-v"])
        self.assertEqual((options["depth"], options["verbose"], options["size"], folders), (2, 1, 1024, ["src"]))

    def test_wrap(self):
        options, command = wrap.parse(["-n", "3", "ls", "-n"])
        self.assertEqual((options["times"], command), (3, ["ls", "-n"]))


if __name__ == "__main__":
    unittest.main()
