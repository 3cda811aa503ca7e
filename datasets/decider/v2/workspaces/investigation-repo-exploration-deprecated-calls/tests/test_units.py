import unittest
import warnings

from tidelog import units


class UnitsTest(unittest.TestCase):
    def test_warns(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            units.to_feet(1)
        self.assertEqual(len(caught), 1)

    def test_feet_and_inches(self):
        self.assertEqual(units.feet_and_inches(1.8288), (6, 0))
