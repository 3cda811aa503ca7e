import hashlib
import os
import unittest

EXPECTED = {
    "cellar.csv": "733bc10d023dce16c7096cd10be9150b225e2bfd6d0780f1c5d0374b0ea5a628",
    "dock.csv": "4a703f775a93eefa3a149af92e2cde06e889425a10f645ff647b26e7fb894f74",
    "gate.csv": "9d6f712aaa360bbf70b93d7d4fffe4c216cf061a5ad70bb37d8a84870e5d3296",
    "lab.csv": "f64e3fd5326b1f4670c0c722c91cecbd68c535e5f271481c8c656a56191ae0dd",
    "roof.csv": "5571ada519b35aaf8a41f8ec62baf38656bf7bf556847269514004333c7318a7",
    "tower.csv": "7748b0d3ff5b854f39a03816da4247d1200626d5b8c89c2af572d4d4789f0324",
    "yard.csv": "c0425d4146392816566b9ba193c61a0121157803b072f358887ba7854ee283e3",
}
REJECTED = [
    "inbox/b.tar.gz!../yard.csv",
    "inbox/b.tar.gz!roof.csv",
    "inbox/late/c.tar!empty.zip",
    "inbox/late/c.tar!sub/more.tar.gz!lab.csv",
    "inbox/late/d.tar.gz",
]


class OutTest(unittest.TestCase):
    def test_readings(self):
        found = {}
        for name in os.listdir("out"):
            if name != "REJECTED.txt":
                with open(os.path.join("out", name), "rb") as f:
                    found[name] = hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(found, EXPECTED)

    def test_rejected(self):
        with open("out/REJECTED.txt", encoding="utf-8") as f:
            self.assertEqual(f.read().splitlines(), REJECTED)

    def test_nothing_escaped(self):
        self.assertFalse(os.path.exists("yard.csv"))
