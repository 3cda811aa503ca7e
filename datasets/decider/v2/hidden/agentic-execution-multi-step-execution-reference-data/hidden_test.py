import json
import os
import subprocess
import unittest


def git(*args):
    return subprocess.run(["git", "-c", "safe.directory=*", *args], check=True, capture_output=True, text=True).stdout.strip()

DATA = {"VERSION": "44", "countries.csv": "code,name\nDE,Germany\nFR,France\nPT,Portugal", "ports.csv": "code,name\nHAM,Hamburg\nLIS,Lisbon", "units.csv": "code,name\nKG,kilogram\nM,metre", "taxes.csv": "code,rate\nA,19\nB,7", "currencies.csv": "code,name\nEUR,euro"}
INDEX = {"A": ["taxes.csv"], "B": ["taxes.csv"], "DE": ["countries.csv"], "EUR": ["currencies.csv"], "FR": ["countries.csv"], "HAM": ["ports.csv"], "KG": ["units.csv"], "LIS": ["ports.csv"], "M": ["units.csv"], "PT": ["countries.csv"]}


class DataTest(unittest.TestCase):
    def test_commit(self):
        self.assertEqual(git("log", "--format=%s", "--reverse").splitlines(), ["Reference data 41", "Reference data 44"])
        self.assertEqual(git("diff", "--name-only", "HEAD~1", "HEAD").splitlines(), ["CHANGES.txt", "data/VERSION", "data/countries.csv", "data/currencies.csv", "data/index.json", "data/ports.csv"])
        self.assertEqual(git("diff", "HEAD", "--name-only"), "")

    def test_data(self):
        names = git("ls-tree", "--name-only", "HEAD", "data/").splitlines()
        self.assertEqual({n[5:]: git("show", "HEAD:" + n).replace("\r", "") for n in names if not n.endswith("index.json")}, DATA)
        self.assertEqual(json.loads(git("show", "HEAD:data/index.json")), INDEX)

    def test_changes(self):
        self.assertEqual(git("show", "HEAD:CHANGES.txt"), "40: ports.csv\n41: countries.csv, units.csv\n44: countries.csv, currencies.csv, ports.csv")

    def test_incoming(self):
        self.assertEqual(os.listdir("incoming/rejected"), ["taxes.csv"])
        self.assertEqual(sorted(os.listdir("incoming")), ["SHA256SUMS", "countries.csv", "currencies.csv", "extra.csv", "ports.csv", "rejected", "units.csv"])
