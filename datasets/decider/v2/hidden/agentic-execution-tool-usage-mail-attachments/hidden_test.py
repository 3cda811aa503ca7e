import os
import unittest

FILES = {"freight.pdf": "freight", "invoice.pdf": "inv 1", "m_rz_2031.pdf": "inv 2", "invoice-2.pdf": "inv 4", "unnamed.pdf": "inv 6", "invoice-3.pdf": "inv 7"}
INDEX = """freight.pdf,zoe@carrier.example.invalid,2031-03-02
invoice.pdf,anna.lund@supplier.example.invalid,2031-03-03
m_rz_2031.pdf,anna.lund@supplier.example.invalid,2031-03-05
invoice-2.pdf,anna.lund@supplier.example.invalid,2031-03-05
unnamed.pdf,zoe@carrier.example.invalid,2031-03-07
invoice-3.pdf,anna.lund@supplier.example.invalid,2031-03-08
"""


class AttachmentsTest(unittest.TestCase):
    def test_files(self):
        found = {}
        for name in os.listdir("out"):
            if name != "index.csv":
                with open("out/" + name, "rb") as f:
                    found[name] = f.read().replace(b"\r\n", b"\n").decode().strip()
        self.assertEqual(found, {n: "%PDF-1.4\n" + t + "\n%%EOF" for n, t in FILES.items()})

    def test_index(self):
        with open("out/index.csv", newline="") as f:
            self.assertEqual(f.read().replace("\r\n", "\n"), INDEX)

    def test_inbox(self):
        self.assertEqual(len(os.listdir("inbox")), 7)
        self.assertFalse(os.path.exists("freight.pdf"))
