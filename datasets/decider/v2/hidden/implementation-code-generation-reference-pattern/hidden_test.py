import pathlib
import unittest

from check import is_reference

GOOD = """AB-2000-1 AB-2039-999999 XA-2014-10 AX-2027-7/a ZZ-2031-123456/z QX-2005-90/k XY-2010-500/m AB-2024-42/p AA-2020-100000
LI-2019-11/n XL-2023-5/b""".split()
BAD = """XX-2020-1 AB-1999-1 AB-2040-1 AB-2045-3 AB-2020-0 AB-2020-01 AB-2020-1234567 AB-2020- ab-2020-1 A-2020-1 ABC-2020-1 AB2020-1 AB-20-1 AB_2020_1
AB-2020-1/ AB-2020-1/o AB-2020-1/l AB-2020-1/A AB-2020-1/ab AB-2020-1a AB-2020-1/1 xAB-2020-1 AB-2020-1x AB-2020-1/a/b AB-2020-000001 AB-2020-/a
\u00c4B-2020-1 AB-202\u0660-1 AB-2020-\u0661 AB-2020-1\uff12 AB-2020-1/\u00e9 AB-20200-1 AB-2020--1 AB-2020-1.5 XX-2020-1/a AB\u20102020\u20101""".split()


class PatternTest(unittest.TestCase):
    def test_good(self):
        for text in GOOD:
            self.assertTrue(is_reference(text), text)

    def test_bad(self):
        for text in BAD + ["", "AB-2020-1\n", "\nAB-2020-1", " AB-2020-1", "AB-2020-1 ", "AB-2020-1 AB-2020-1", "x\nAB-2020-1", "AB-2020-1\nx", "AB-2020-1/a\n"]:
            self.assertFalse(is_reference(text), repr(text))

    def test_all_letters_and_years(self):
        for letter in "abcdefghijklmnopqrstuvwxyz":
            self.assertEqual(is_reference(f"CD-2022-8/{letter}"), letter not in "lo")
        for year in range(1900, 2200):
            self.assertEqual(is_reference(f"CD-{year}-8"), 2000 <= year < 2040)
        for a in "AWXYZ":
            for b in "AWXYZ":
                self.assertEqual(is_reference(f"{a}{b}-2022-8"), a + b != "XX")

    def test_one_line(self):
        self.assertEqual(len(pathlib.Path("pattern.txt").read_text(encoding="utf-8").strip().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
