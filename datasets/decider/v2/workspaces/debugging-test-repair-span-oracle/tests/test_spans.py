import random
import unittest

from spans import gaps, longest, normalise, subtract

ROUNDS = 25


def some_spans():
    return [(random.randrange(-9, 10), random.randrange(-9, 10)) for _ in range(random.randrange(4))]


def points(spans):
    return {p for start, end in spans for p in range(min(start, end), max(start, end))}


def back(found):
    """The spans made of these points."""
    result = []
    for p in found:
        if result and result[-1][1] == p:
            result[-1] = (result[-1][0], p + 1)
        else:
            result.append((p, p + 1))
    return result


class SpansTest(unittest.TestCase):
    def test_normalise(self):
        for _ in range(ROUNDS):
            spans = [span for span in some_spans() if span[0] < span[1]]
            self.assertEqual(normalise(spans), back(points(spans)))

    def test_subtract(self):
        for _ in range(ROUNDS):
            spans, holes = normalise(some_spans()), normalise(some_spans())
            self.assertEqual(subtract(spans, holes), back(points(spans) - points(holes)))

    def test_gaps(self):
        for _ in range(ROUNDS):
            spans, (start, end) = normalise(some_spans()), random.choice(some_spans() or [(0, 5)])
            if start != end:
                self.assertEqual(gaps(spans, start, end), back(set(range(start, end + 1)) - points(spans) - {end}))

    def test_longest(self):
        for _ in range(ROUNDS):
            spans = some_spans()
            best = None
            for span in spans:
                if best is None or span[1] - span[0] >= best[1] - best[0]:
                    best = span
            if len(spans) < 2:
                self.assertEqual(longest(spans), best)


if __name__ == "__main__":
    unittest.main()
