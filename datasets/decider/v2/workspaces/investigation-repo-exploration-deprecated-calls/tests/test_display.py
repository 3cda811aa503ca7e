import unittest

from tidelog.display import height, to_feet


class DisplayTest(unittest.TestCase):
    def test_height(self):
        self.assertEqual(height(1.5), "1.50 m")

    def test_feet(self):
        self.assertAlmostEqual(to_feet(0.3048), 1.0)
