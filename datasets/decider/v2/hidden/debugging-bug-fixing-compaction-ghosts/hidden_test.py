import random
import unittest

from runs import Store
from runs.compact import compact
from runs.run import GONE, Run


def runs_of(*texts):
    """"a1 b-" is a run with a: "1" and b deleted; "a" alone has the empty value."""
    return [Run([(item[0], GONE if item[1:] == "-" else item[1:]) for item in text.split()]) for text in texts]


def texts_of(runs):
    return [" ".join(k + ("-" if v is GONE else v) for k, v in zip(run.keys, run.values)) for run in runs]


class CompactTest(unittest.TestCase):
    def check(self, before, want, max_runs, fan_in, written=None):
        runs = runs_of(*before)
        kept = list(runs)
        count = compact(runs, max_runs, fan_in)
        self.assertEqual(texts_of(runs), want)
        self.assertEqual(texts_of(kept), before)
        if written is not None:
            self.assertEqual(count, written)

    def test_neighbours_stay_in_place(self):
        self.check(["a1 b1 c1", "a2", "b2 c2 d2", "d3"], ["a1 b1 c1", "a2", "b2 c2 d3"], 3, 2, 3)
        self.check(["a1 b1", "c2", "d3", "a4 b4 c4 d4"], ["a1 b1", "c2 d3", "a4 b4 c4 d4"], 3, 2, 2)

    def test_newest_of_equals(self):
        self.check(["a1", "a2", "a3", "a4"], ["a1", "a2", "a4"], 3, 2, 1)
        self.check(["a1", "b2", "c3", "d4"], ["a1", "b2 c3 d4"], 3, 3, 3)

    def test_marks(self):
        self.check(["a1 b1 c1 d1", "a- e1", "b- f1"], ["a1 b1 c1 d1", "a- b- e1 f1"], 2, 2, 4)
        self.check(["a1", "a-", "b1 c1 d1"], ["b1 c1 d1"], 2, 2, 0)
        self.check(["a1 x-", "a- b1", "b1 c1 d1"], ["b1", "b1 c1 d1"], 2, 2, 1)
        self.check(["a1 b1", "a-", "a2"], ["a1 b1", "a2"], 2, 2, 1)
        self.check(["a1", "a-"], [], 1, 2, 0)

    def test_all(self):
        self.check(["a1", "b", "a- c-"], ["b"], 2, 3, 1)

    def test_several_rounds(self):
        self.check(["a1 b1 c1 d1 e1 f1", "a2", "b2", "c2", "d2"], ["a1 b1 c1 d1 e1 f1", "a2 b2 c2 d2"], 2, 2, 8)

    def test_nothing_to_do(self):
        self.check(["a1", "a-"], ["a1", "a-"], 2, 2, 0)


class StoreTest(unittest.TestCase):
    def test_newest_counts(self):
        store = Store(memory=2, max_runs=9)
        for value in ("9", "1", "", "5"):
            store.put("a", value), store.put("b", value)
            self.assertEqual((store.get("a"), list(store.scan())), (value, [("a", value), ("b", value)]))

    def test_deleted(self):
        store = Store(memory=2, max_runs=9)
        store.put("a", "1"), store.put("b", "1")
        store.delete("a"), store.put("c", "1")
        self.assertEqual((store.get("a"), list(store.scan())), (None, [("b", "1"), ("c", "1")]))
        store.put("a", ""), store.flush()
        self.assertEqual((store.get("a"), list(store.scan("a", "b"))), ("", [("a", "")]))

    def test_limits(self):
        store = Store(memory=3)
        for key in "abcdef":
            store.put(key, key)
        store.put("g", "g")
        self.assertEqual([k for k, _ in store.scan("b", "g")], list("bcdef"))
        self.assertEqual([k for k, _ in store.scan("b", "e")], list("bcd"))
        self.assertEqual([k for k, _ in store.scan("b", "b")], [])
        self.assertEqual([k for k, _ in store.scan(end="c")], list("ab"))

    def test_scan_is_as_of_its_call(self):
        store = Store(memory=4, max_runs=2, fan_in=2)
        for key in "abcdef":
            store.put(key, "old")
        scan, other = store.scan(), store.scan("b")
        self.assertEqual(next(scan), ("a", "old"))
        for key in "abcdefgh":
            store.put(key, "new")
        store.delete("c"), store.flush()
        self.assertEqual(list(scan), [(k, "old") for k in "bcdef"])
        self.assertEqual(list(other), [(k, "old") for k in "bcdef"])
        third = store.scan()
        store.put("a", "newest")
        self.assertEqual(next(third), ("a", "new"))

    def test_random(self):
        for seed in range(30):
            rnd = random.Random(seed)
            store, truth = Store(rnd.randint(1, 4), max_runs := rnd.randint(2, 4), rnd.randint(2, max_runs + 1)), {}
            for step in range(80):
                key = rnd.choice("abcdefghij")
                if rnd.random() < .6:
                    truth[key] = rnd.choice(["", "x", "y", str(step)])
                    store.put(key, truth[key])
                else:
                    truth.pop(key, None)
                    store.delete(key)
                self.assertEqual(store.get(key), truth.get(key))
                if step % 4 == 0:
                    self.assertEqual(dict(store.scan()), truth, (seed, step))
                    self.assertEqual([store.get(k) for k in "abcdefghij"], [truth.get(k) for k in "abcdefghij"])
                self.assertLessEqual(len(store.runs), max_runs)


if __name__ == "__main__":
    unittest.main()
