import json
import unittest


class ChoiceTest(unittest.TestCase):
    def test_versions(self):
        with open("versions.json", encoding="utf-8") as f:
            self.assertEqual(json.load(f), {"httpkit": "3.9.1", "formkit": "1.6.1", "sqlkit": "0.20.1", "sessionkit": "2.3.0"})
