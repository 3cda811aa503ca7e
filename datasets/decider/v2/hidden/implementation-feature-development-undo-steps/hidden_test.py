import random
import unittest

from editor import Document


class Stop(Exception):
    pass


def typed(document, text, at=None):
    at = len(document.text) if at is None else at
    for n, character in enumerate(text):
        document.insert(at + n, character)


class UndoTest(unittest.TestCase):
    def history(self, document):
        """All texts on the way back, then the way forward has to give the same."""
        texts = [document.text]
        while document.undo():
            texts.append(document.text)
        for text in texts[-2::-1]:
            self.assertTrue(document.redo())
            self.assertEqual(document.text, text)
        self.assertFalse(document.redo())
        return texts

    def test_plain(self):
        document = Document("abc")
        self.assertFalse(document.undo() or document.redo())
        document.insert(3, "def")
        self.assertEqual(document.delete(0, 2), "ab")
        self.assertEqual(document.replace_all("c", "xcx"), 1)
        self.assertEqual(self.history(document), ["xcxdef", "cdef", "abcdef", "abc"])

    def test_typing(self):
        document = Document()
        typed(document, "ab  cd\n\te")
        self.assertEqual(self.history(document), ["ab  cd\n\te", "ab  cd\n\t", "ab  ", ""])
        document = Document("xy")
        typed(document, "ab", 1)
        document.insert(1, "c")
        document.insert(2, "dd")
        document.insert(4, "e")
        document.insert(5, "f")
        self.assertEqual(self.history(document), ["xcddefaby", "xcddaby", "xcaby", "xaby", "xy"])
        document = Document("  ")
        document.insert(2, "a")
        document.insert(3, " ")
        document.insert(4, " ")
        document.insert(5, "-")
        self.assertEqual(self.history(document), ["  a  -", "  a  ", "  "])
        document = Document()
        typed(document, "a\u00a0b")
        self.assertEqual(len(self.history(document)), 2)

    def test_rubbing_out(self):
        document = Document("0123456789")
        for at in (9, 8, 7):
            document.delete(at)
        for at in (0, 0):
            document.delete(at)
        self.assertEqual(self.history(document), ["23456", "0123456", "0123456789"])

    def test_ways(self):
        document = Document("abcdefgh")
        document.delete(4)
        document.delete(3)
        document.delete(3)
        document.delete(3)
        document.delete(2)
        self.assertEqual(self.history(document), ["abh", "abch", "abcfgh", "abcdefgh"])
        document = Document("abcdefgh")
        document.delete(4)
        document.delete(4)
        document.delete(3)
        document.delete(2)
        document.delete(1, 1)
        document.delete(0, 1)
        self.assertEqual(self.history(document), ["gh", "abcdgh", "abcdefgh"])
        document = Document("abcdefgh")
        document.delete(4, 2)
        document.delete(4)
        document.delete(4, 1)
        document.insert(0, "x")
        document.delete(0)
        document.delete(0)
        self.assertEqual(self.history(document), ["bcd", "xabcd", "abcd", "abcdgh", "abcdefgh"])

    def test_nothing_disturbs_nothing(self):
        document = Document("ab")
        document.insert(2, "c")
        document.undo()
        document.insert(1, "")
        document.delete(1, 0)
        self.assertEqual(document.replace_all("z", "y"), 0)
        self.assertEqual(document.replace_all("a", "a"), 1)
        for bad in (lambda: document.insert(9, "x"), lambda: document.delete(1, 2), lambda: document.delete(-1), lambda: document.delete(0, -1)):
            self.assertRaises(IndexError, bad)
        self.assertRaises(ValueError, document.replace_all, "", "x")
        self.assertFalse(document.modified)
        self.assertTrue(document.redo())
        self.assertEqual(document.text, "abc")
        document = Document()
        document.insert(0, "a")
        document.insert(1, "")
        document.delete(0, 0)
        document.replace_all("q", "r")
        self.assertRaises(IndexError, document.delete, 5)
        document.insert(1, "b")
        self.assertEqual(self.history(document), ["ab", ""])

    def test_ends_of_runs(self):
        for end in (lambda d: d.mark_saved(), lambda d: d.redo(), lambda d: (d.undo(), d.redo())):
            document = Document()
            typed(document, "ab")
            end(document)
            typed(document, "cd")
            self.assertEqual(self.history(document), ["abcd", "ab", ""])
        document = Document("abcd")
        document.delete(3)
        with document.group():
            pass
        document.delete(2)
        self.assertEqual(self.history(document), ["ab", "abc", "abcd"])
        document = Document("abcd")
        typed(document, "ef")
        document.undo()
        self.assertFalse(document.undo())
        typed(document, "g")
        self.assertEqual(self.history(document), ["abcdg", "abcd"])

    def test_replace_all(self):
        document = Document("a aa a")
        self.assertEqual(document.replace_all("a", "aa"), 4)
        self.assertEqual(self.history(document), ["aa aaaa aa", "a aa a"])
        document = Document("x")
        document.insert(1, "a")
        document.replace_all("a", "b")
        document.insert(2, "c")
        document.replace_all("b", "")
        document.delete(1)
        self.assertEqual(self.history(document), ["x", "xc", "xbc", "xb", "xa", "x"])

    def test_group(self):
        document = Document("abc")
        with document.group():
            typed(document, "de")
            with document.group():
                document.delete(0, 2)
            self.assertEqual(document.text, "cde")
            document.replace_all("d", "D")
        document.insert(3, "f")
        self.assertEqual(self.history(document), ["cDef", "cDe", "abc"])
        for call in ("undo", "redo", "mark_saved"):
            with self.assertRaises(RuntimeError):
                with document.group():
                    document.insert(0, "!")
                    getattr(document, call)()
            self.assertEqual(document.text, "cDef")

    def test_empty_group_keeps_redo(self):
        document = Document("a")
        document.insert(1, "b")
        document.undo()
        with document.group():
            document.insert(0, "x")
            document.delete(0)
        self.assertFalse(document.modified)
        self.assertTrue(document.redo())
        self.assertFalse(document.undo() and document.undo())

    def test_group_that_raises(self):
        document = Document("a")
        typed(document, "b")
        document.insert(0, "zz")
        document.undo()
        document.mark_saved()
        with self.assertRaises(Stop):
            with document.group():
                document.insert(0, "x")
                document.delete(1, 2)
                raise Stop
        self.assertEqual((document.text, document.modified), ("ab", False))
        self.assertTrue(document.redo())
        self.assertEqual(document.text, "zzab")
        self.assertTrue(document.undo() and document.undo())
        self.assertEqual(document.text, "a")
        with document.group():
            document.insert(1, "1")
            try:
                with document.group():
                    document.insert(0, "2")
                    raise Stop
            except Stop:
                pass
            document.insert(2, "3")
        self.assertEqual(self.history(document), ["a13", "a"])

    def test_modified(self):
        document = Document("a")
        self.assertFalse(document.modified)
        typed(document, "b")
        self.assertTrue(document.modified)
        document.delete(1)
        self.assertEqual((document.text, document.modified), ("a", True))
        document.undo(), document.undo()
        self.assertFalse(document.modified)
        document.redo()
        document.mark_saved()
        self.assertFalse(document.modified)
        document.undo()
        self.assertTrue(document.modified)
        document.redo()
        self.assertFalse(document.modified)
        document.undo()
        document.insert(1, "b")
        self.assertEqual((document.text, document.modified), ("ab", True))
        document.undo()
        self.assertTrue(document.modified)
        document.redo()
        self.assertTrue(document.modified)
        document.mark_saved()
        document.insert(2, "c")
        self.assertTrue(document.modified)
        document.undo()
        self.assertFalse(document.modified)

    def test_random(self):
        for seed in range(60):
            rnd = random.Random(seed)
            document, path, place, saved = Document("ab cd"), ["ab cd"], 0, 0
            for step in range(40):
                action = rnd.randrange(6)
                if action == 0:
                    self.assertEqual(document.undo(), place > 0)
                    place = max(place - 1, 0)
                elif action == 1:
                    self.assertEqual(document.redo(), place < len(path) - 1)
                    place = min(place + 1, len(path) - 1)
                elif action == 2:
                    document.mark_saved()
                    saved = place
                else:
                    before = document.text
                    with document.group():
                        for _ in range(rnd.randrange(3)):
                            document.insert(rnd.randint(0, len(document.text)), rnd.choice(["x", "yz", " "]))
                        if document.text and rnd.random() < .5:
                            document.delete(rnd.randrange(len(document.text)))
                    if document.text != before:
                        del path[place + 1:]
                        if saved is not None and saved > place:
                            saved = None
                        path.append(document.text)
                        place += 1
                self.assertEqual((document.text, document.modified), (path[place], saved != place), (seed, step))


if __name__ == "__main__":
    unittest.main()
