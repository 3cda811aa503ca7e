import datetime
import unittest

from deadlines.permits import due, used
from deadlines.workdays import add_working_days, working_days_between

D = datetime.date
EASTER = [D(2024, 3, 29), D(2024, 4, 1)]


class WorkdaysTest(unittest.TestCase):
    def test_forward(self):
        self.assertEqual(add_working_days(D(2024, 3, 28), 1, EASTER), D(2024, 4, 2))
        self.assertEqual(add_working_days(D(2024, 3, 22), 5, EASTER), D(2024, 4, 2))
        self.assertEqual(add_working_days(D(2024, 3, 22), 10, EASTER), D(2024, 4, 9))
        self.assertEqual(add_working_days(D(2024, 5, 4), 5), D(2024, 5, 10))
        self.assertEqual(add_working_days(D(2024, 5, 5), 1), D(2024, 5, 6))
        self.assertEqual(add_working_days(D(2024, 5, 3), 5), D(2024, 5, 10))
        self.assertEqual(add_working_days(D(2024, 5, 4), 10, [D(2024, 5, 4), D(2024, 5, 11)]), D(2024, 5, 17))

    def test_backward(self):
        self.assertEqual(add_working_days(D(2024, 4, 2), -1, EASTER), D(2024, 3, 28))
        self.assertEqual(add_working_days(D(2024, 4, 9), -10, EASTER), D(2024, 3, 22))
        self.assertEqual(add_working_days(D(2024, 5, 4), -1), D(2024, 5, 3))
        self.assertEqual(add_working_days(D(2024, 5, 6), -3), D(2024, 5, 1))

    def test_zero(self):
        self.assertEqual(add_working_days(D(2024, 5, 3), 0), D(2024, 5, 3))
        self.assertEqual(add_working_days(D(2024, 3, 29), 0, EASTER), D(2024, 4, 2))
        self.assertEqual(add_working_days(D(2024, 5, 5), 0), D(2024, 5, 6))

    def test_against_counting(self):
        for start in range(14):
            day = D(2024, 3, 20) + datetime.timedelta(days=start)
            for count in range(1, 13):
                later = add_working_days(day, count, EASTER)
                self.assertEqual(working_days_between(day + datetime.timedelta(days=1), later, EASTER), count)
                earlier = add_working_days(day, -count, EASTER)
                self.assertEqual(abs(working_days_between(day - datetime.timedelta(days=1), earlier, EASTER)), count)
                self.assertTrue(later.weekday() < 5 and later not in EASTER and earlier.weekday() < 5 and earlier not in EASTER)

    def test_between(self):
        self.assertEqual(working_days_between(D(2024, 5, 3), D(2024, 5, 3)), 1)
        self.assertEqual(working_days_between(D(2024, 5, 4), D(2024, 5, 5)), 0)
        self.assertEqual(working_days_between(D(2024, 3, 25), D(2024, 4, 5), EASTER), 8)
        self.assertEqual(working_days_between(D(2024, 4, 5), D(2024, 3, 25), EASTER), -8)
        self.assertEqual(working_days_between(D(2024, 5, 5), D(2024, 5, 3)), -1)

    def test_permits(self):
        self.assertEqual(due("stall", D(2024, 3, 28), EASTER), D(2024, 4, 4))
        self.assertEqual(used("stall", D(2024, 3, 28), D(2024, 4, 2), EASTER), 66)


if __name__ == "__main__":
    unittest.main()
