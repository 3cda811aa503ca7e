import copy
import gc
import pickle
import unittest
import weakref

from reports.memo import memoize
from reports.report import Report, share


class Counted:
    def __init__(self):
        self.calls = []


class FunctionTest(unittest.TestCase):
    def make(self):
        calls = []

        @memoize
        def f(a, b=2, *rest, c=3, **more):
            calls.append((a, b, rest, c, more))
            return len(calls)
        return f, calls

    def test_ways_to_pass(self):
        f, calls = self.make()
        self.assertEqual({f(1), f(1, 2), f(a=1), f(b=2, a=1), f(1, c=3), f(1, 2, c=3), f(c=3, a=1)}, {1})
        self.assertEqual((f(2, 1), f(1, 3), f(1, c=4), f(1, 2, 3), f(1, z=1), f(1, z=2), f(1, y=1)), (2, 3, 4, 5, 6, 7, 8))
        self.assertEqual((f(1, y=1, z=2), f(1, z=2, y=1)), (9, 9))
        self.assertEqual(len(calls), 9)

    def test_keys_do_not_run_into_each_other(self):
        f, calls = self.make()
        self.assertEqual(len({f(1, ("c", 4)), f(1, c=4), f(1, 2, ("z", 1)), f(1, z=1), f(1, 2, "z", 1)}), 5)

    def test_types(self):
        f, calls = self.make()
        self.assertEqual((f(1), f(1.0), f(True), f(1), f("1")), (1, 2, 3, 1, 4))
        self.assertEqual((f(1, 0), f(1, False), f(1, 2, 0), f(1, 2, False), f(1, z=0), f(1, z=False), f(1, c=1), f(1, c=1.0)), tuple(range(5, 13)))

    def test_none(self):
        calls = []

        @memoize
        def nothing(x):
            calls.append(x)
        self.assertIsNone(nothing(1) or nothing(1))
        self.assertEqual(calls, [1])

    def test_exceptions(self):
        calls = []

        @memoize
        def risky(x):
            calls.append(x)
            if len(calls) < 3:
                raise ValueError(x)
            return "ok"
        for _ in range(2):
            self.assertRaises(ValueError, risky, 1)
        self.assertEqual((risky(1), risky(1), len(calls)), ("ok", "ok", 3))
        self.assertRaises(TypeError, risky)
        self.assertRaises(TypeError, risky, 1, 2)
        self.assertRaises(TypeError, risky, y=2)

    def test_forget_and_wraps(self):
        f, calls = self.make()
        f(1), f(1), f.forget(), f(1)
        self.assertEqual(len(calls), 2)
        self.assertEqual((share.__name__, share.__doc__), ("share", "A percentage as text."))
        self.assertEqual((share(1, 3), share(1, 3, digits=2), share(1, 3, 1)), ("33.3 %", "33.33 %", "33.3 %"))


class MethodTest(unittest.TestCase):
    def test_own_results(self):
        one, two = Report({(2024, 1): 100, (2024, 2): 50}), Report({(2024, 1): 7})
        self.assertEqual((one.total(2024), two.total(2024), one.total(2024), one.total(2024, 1), one.total(2024, month=1)), (150, 7, 150, 100, 100))
        self.assertEqual((one.asked, two.asked), (2, 1))
        self.assertEqual((one.total(2024, None, net=False), one.total(2024, net=True), one.asked), (150, 120, 3))
        self.assertIsNone(one.total(2030))
        self.assertIsNone(one.total(year=2030))
        self.assertEqual(one.asked, 4)

    def test_equal_objects(self):
        class Point:
            def __init__(self, x):
                self.x = x

            def __eq__(self, other):
                return True

            def __hash__(self):
                return 1

            @memoize
            def get(self):
                return self.x
        a, b = Point(1), Point(2)
        self.assertEqual((a.get(), b.get(), a.get()), (1, 2, 1))

    def test_not_kept_alive(self):
        report = Report({(2024, 1): 100})
        report.total(2024)
        gone = weakref.ref(report)
        del report
        gc.collect()
        self.assertIsNone(gone())

    def test_numbers_used_again(self):
        for n in range(200):
            self.assertEqual(Report({(2024, 1): n}).total(2024), n)

    def test_nothing_shows(self):
        report, plain = Report({(2024, 1): 100}), Report({(2024, 1): 100}, 1)
        report.total(2024)
        self.assertEqual((report, vars(report), pickle.dumps(report)), (plain, vars(plain), pickle.dumps(plain)))
        again = copy.copy(report)
        again.sales = {(2024, 1): 5}
        self.assertEqual(again.total(2024), 5)

    def test_forget(self):
        one, two = Report({(2024, 1): 1}), Report({(2024, 1): 2})
        one.total(2024), two.total(2024)
        one.sales[2024, 2] = 10
        Report.total.forget()
        self.assertEqual((one.total(2024), two.total(2024), two.asked), (11, 2, 2))
        one.total(2024)
        self.assertEqual(one.asked, 2)
        three = Report({(2024, 1): 3})
        self.assertEqual(three.total(2024), 3)
        del three
        gc.collect()
        self.assertEqual(Report({(2024, 1): 4}).total(2024), 4)


if __name__ == "__main__":
    unittest.main()
