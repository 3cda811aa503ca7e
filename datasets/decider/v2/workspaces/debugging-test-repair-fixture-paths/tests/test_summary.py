import json
import os
import tempfile
import unittest

from sensors import summary


class SummaryTest(unittest.TestCase):
    def test_1_summarise(self):
        self.assertEqual(summary.summarise("tests/data/week.csv", "out.json"), 2)
        with open("out.json") as file:
            self.assertEqual(json.load(file), {"mon": [2, -1, 3.5], "wed": [3, 6.5, 7.25]})

    def test_2_append(self):
        summary.append("tests/data/week.csv", "thu", 4)
        summary.summarise("tests/data/week.csv", "out.json")
        with open("out.json") as file:
            self.assertEqual(json.load(file)["thu"], [1, 4, 4])

    def test_3_relative(self):
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        with open("a.csv", "w") as file:
            file.write("day,value\nsun,1\n")
        summary.summarise("a.csv", "b.json")
        self.assertTrue(os.path.exists(os.path.join(folder, "b.json")))


if __name__ == "__main__":
    unittest.main()
