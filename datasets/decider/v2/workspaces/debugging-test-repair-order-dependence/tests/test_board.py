import unittest
from datetime import date

from board import Board


class BoardTest(unittest.TestCase):
    def test_1_post(self):
        board = Board.shared()
        board.post("Bake sale", ["food", "school"])
        board.post("Lost cat", ["pets"])
        self.assertEqual(board.visible(), ["Bake sale", "Lost cat"])

    def test_2_tags(self):
        self.assertEqual(list(Board.shared().tags()), ["food", "school", "pets"])

    def test_3_tagged(self):
        board = Board.shared()
        board.post("Kittens", ["pets"])
        self.assertEqual(str(board.tagged("pets")), "{'Lost cat', 'Kittens'}")

    def test_4_expiry(self):
        board = Board()
        board.post("Edge", day=date(2026, 10, 21))
        board.post("Gone", day=date(2026, 10, 20))
        board.post("Fresh", day=date(2026, 11, 20))
        self.assertEqual(board.visible(), ["Fresh", "Edge"])

    def test_5_newest_first(self):
        board = Board.shared()
        board.post("Yesterday", day=date.today().replace(day=date.today().day - 1))
        self.assertEqual(board.visible()[-1], "Yesterday")


if __name__ == "__main__":
    unittest.main()
