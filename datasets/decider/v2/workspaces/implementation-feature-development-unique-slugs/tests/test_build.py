import datetime
import unittest

from blog.build import build
from blog.post import Post


class BuildTest(unittest.TestCase):
    def test_two_posts(self):
        pages = build([Post("Hello, world", datetime.date(2024, 1, 1), "one"), Post("Où ?", datetime.date(2024, 2, 1), "two", "where")])
        self.assertEqual(pages["/hello-world/"], "<h1>Hello, world</h1>\none")
        self.assertEqual(pages["/"], '<a href="/where/">Où ?</a>\n<a href="/hello-world/">Hello, world</a>')


if __name__ == "__main__":
    unittest.main()
