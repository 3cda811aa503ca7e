import unittest

from depot import feeds, filters


class FiltersTest(unittest.TestCase):
    def test_dedupe(self):
        self.assertEqual(filters.step_dedupe([["a"], ["a"]]), [["a"]])

    def test_euro(self):
        self.assertEqual(filters.euro("1,50"), 150)

    def test_sync(self):
        self.assertRaises(RecursionError, feeds.sync, "none")
