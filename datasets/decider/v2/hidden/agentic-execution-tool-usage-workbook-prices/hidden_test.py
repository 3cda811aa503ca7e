import hashlib
import unittest
import zipfile
from xml.etree import ElementTree

HASHES = {
    "[Content_Types].xml": "f936415e567c493acb5c9937938c888031d55e91063388519cb9deed684246a8",
    "_rels/.rels": "9f96bb683e71c45171c7ae310bf6c37fb5a834bb9738497ac7084c42ac9c2d9a",
    "xl/workbook.xml": "47acb7fc82dfa1417cc21c3455afe3444ab2cb851b05eeb46cda17816fde9659",
    "xl/_rels/workbook.xml.rels": "59023d8a067a2930abe2509eb27764c9e828353c3db7d6b1aeeb034ba535d936",
    "xl/sharedStrings.xml": "1665f58c4d3ada22b8dffafe07418ceb86607a23f17e06cfa208d0f03711df8d",
    "xl/worksheets/sheet1.xml": "47632add71ddf9b4baac86e69bab446374755c511d7032fc1be65c89747a3f86",
    "docProps/app.xml": "87baa23171f5615e681b020ad34d7ed22d70b4ea5d8241e364a648ff5a4b9e1b"
}


NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(z, name):
    out = {}
    for c in ElementTree.fromstring(z.read(name)).iter(NS + "c"):
        f, v, i = c.find(NS + "f"), c.find(NS + "v"), c.find(NS + "is/" + NS + "t")
        v = i if v is None else v
        out[c.get("r")] = (c.get("t", "n"), c.get("s"), f if f is None else f.text, v if v is None else v.text)
    return out


PRICES = {"A1": ("s", None, None, "0"), "B1": ("s", None, None, "11"), "C1": ("s", None, None, "1"), "A2": ("s", None, None, "3"), "B2": ("s", None, None, "5"), "C2": ("n", "4", None, "21.90"),
          "A3": ("s", None, None, "4"), "C3": ("n", "4", None, "30"), "A4": ("s", None, None, "6"), "C4": ("n", "4", None, "99"), "A5": ("inlineStr", None, None, "C-8"), "C5": ("n", "4", None, "8.00"),
          "A6": ("s", None, None, "9"), "A8": ("n", None, None, "4711"), "C8": ("n", "4", None, "1.10"), "A9": ("s", None, None, "13"), "C9": ("n", "4", None, "3.05"), "A10": ("s", None, None, "7")}
FORMULAS = {"C6": ("4", "C5*2", 16.0), "C10": ("5", "SUM(C2:C9)", 179.05)}


class WorkbookTest(unittest.TestCase):
    def setUp(self):
        self.z = zipfile.ZipFile("prices.xlsx")
        self.addCleanup(self.z.close)

    def test_archive(self):
        self.assertEqual([i.filename for i in self.z.infolist()], ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "docProps/app.xml"])
        for name, digest in HASHES.items():
            self.assertEqual(hashlib.sha256(self.z.read(name)).hexdigest(), digest, name)

    def test_prices(self):
        found = cells(self.z, "xl/worksheets/sheet2.xml")
        self.assertEqual({k: v for k, v in found.items() if k not in FORMULAS}, PRICES)
        for ref, (style, formula, value) in FORMULAS.items():
            self.check_formula(found[ref], style, formula, value)
        rows = [r.attrib for r in ElementTree.fromstring(self.z.read("xl/worksheets/sheet2.xml")).iter(NS + "row")]
        self.assertEqual(rows, [{"r": r} | ({"hidden": "1"} if r == "4" else {}) for r in "1 2 3 4 5 6 8 9 10".split()])

    def check_formula(self, cell, style, formula, value):
        self.assertEqual(cell[:3], ("n", style, formula))
        if cell[3]:
            self.assertAlmostEqual(float(cell[3]), value)

    def test_summary(self):
        found = cells(self.z, "xl/worksheets/sheet3.xml")
        self.assertEqual(sorted(found), ["A1", "A2", "B1", "B2"])
        self.check_formula(found["B1"], None, "Prices!C10", 179.05)
        self.assertEqual(found["B2"], ("n", None, "2+3", "5"))

    def test_skipped(self):
        with open("skipped.txt") as f:
            self.assertEqual(f.read().split("\n"), ["A-101", "C-9", "a-200", ""])
