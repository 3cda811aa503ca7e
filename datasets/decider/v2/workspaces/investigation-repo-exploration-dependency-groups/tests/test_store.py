import unittest

from benchkit import limit

from fieldbook import Note, store


class StoreTest(unittest.TestCase):
    @limit(seconds=1)
    def test_append(self):
        self.assertEqual(store.append(Note("x")), 1)
