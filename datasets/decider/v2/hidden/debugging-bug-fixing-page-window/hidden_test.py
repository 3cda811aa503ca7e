import unittest

from catalogue import render
from pager import label, paginate


class PagerTest(unittest.TestCase):
    def test_whole_pages(self):
        for count in (10, 20, 30):
            self.assertEqual(paginate(list(range(count)), 1, 10).total_pages, count // 10)
            with self.assertRaises(IndexError):
                paginate(list(range(count)), count // 10 + 1, 10)

    def test_all_sizes(self):
        for count in range(1, 25):
            for size in range(1, 27):
                items, seen, number = list(range(count)), [], 1
                total = paginate(items, 1, size).total_pages
                for number in range(1, total + 1):
                    page = paginate(items, number, size)
                    self.assertTrue(page.items)
                    self.assertEqual((page.first_item, page.last_item), (page.items[0] + 1, page.items[-1] + 1))
                    seen += page.items
                self.assertEqual(seen, items)

    def test_empty(self):
        page = paginate([], 1, 10)
        self.assertEqual((page.total_pages, page.items, page.first_item, page.last_item), (1, [], 0, 0))
        self.assertEqual(label(page), "nothing found")
        with self.assertRaises(IndexError):
            paginate([], 2, 10)

    def test_errors(self):
        for bad in (0, -1):
            with self.assertRaises(ValueError):
                paginate([1], 1, bad)
            with self.assertRaises(IndexError):
                paginate([1], bad, 1)

    def test_label(self):
        self.assertEqual(label(paginate(list(range(23)), 3, 10)), "21-23 of 23")
        self.assertEqual(render(["a", "b"], 1, 2), "* a\n* b\n1-2 of 2 (page 1 of 1)")


if __name__ == "__main__":
    unittest.main()
