import copy
import datetime
import unittest

from blog.build import build
from blog.post import Post
from blog.slugs import assign_slugs


def d(day):
    return datetime.date(2024, 1, day)


class SlugsTest(unittest.TestCase):
    def check(self, posts, want):
        before = copy.deepcopy(posts)
        self.assertEqual(assign_slugs(posts), want)
        self.assertEqual(posts, before)

    def test_plain(self):
        self.check([Post("A b", d(1)), Post("C", d(2), slug="x")], ["a-b", "x"])
        self.check([], [])

    def test_older_first(self):
        self.check([Post("News", d(3)), Post("news!", d(1)), Post("News", d(2)), Post("NEWS", d(1))], ["news-4", "news", "news-3", "news-2"])

    def test_given_slugs_win(self):
        self.check([Post("News", d(1)), Post("Other", d(9), slug="news"), Post("News", d(2)), Post("x", d(5), slug="news-3")],
                   ["news-2", "news", "news-4", "news-3"])

    def test_numbers_in_titles(self):
        self.check([Post("Part", d(1)), Post("Part 2", d(2)), Post("Part", d(3)), Post("Part 2", d(4))], ["part", "part-2", "part-3", "part-2-2"])
        self.check([Post("Part 2", d(3)), Post("Part", d(1)), Post("Part", d(2))], ["part-2-2", "part", "part-2"])

    def test_empty(self):
        self.check([Post("???", d(2)), Post("!", d(1)), Post("Post", d(3)), Post("T", d(4), slug="")], ["post-2", "post", "post-3", "t"])

    def test_same_given_slug(self):
        with self.assertRaises(ValueError) as caught:
            assign_slugs([Post("A", d(1), slug="x"), Post("B", d(2), slug="x")])
        self.assertEqual(str(caught.exception), "two posts have the slug 'x'")

    def test_many(self):
        posts = [Post("a", d(1 + n % 28)) for n in range(50)]
        self.assertEqual(sorted(assign_slugs(posts)), sorted(["a"] + [f"a-{n}" for n in range(2, 51)]))


class BuildTest(unittest.TestCase):
    def test_pages_and_links(self):
        posts = [Post("News", d(2), "second"), Post("News", d(1), "first"), Post("Index", d(3), "third", "top")]
        pages = build(posts)
        self.assertEqual(set(pages), {"/", "/news/", "/news-2/", "/top/"})
        self.assertEqual((pages["/news/"], pages["/news-2/"]), ("<h1>News</h1>\nfirst", "<h1>News</h1>\nsecond"))
        self.assertEqual(pages["/"], '<a href="/top/">Index</a>\n<a href="/news-2/">News</a>\n<a href="/news/">News</a>')

    def test_same_day_keeps_order(self):
        pages = build([Post("One", d(1)), Post("Two", d(1)), Post("One", d(1))])
        self.assertEqual(pages["/"], '<a href="/one/">One</a>\n<a href="/two/">Two</a>\n<a href="/one-2/">One</a>')

    def test_equal_posts(self):
        self.assertEqual(set(build([Post("One", d(1), "x"), Post("One", d(1), "x")])), {"/", "/one/", "/one-2/"})


if __name__ == "__main__":
    unittest.main()
