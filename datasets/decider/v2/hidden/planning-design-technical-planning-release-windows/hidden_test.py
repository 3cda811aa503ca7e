import json
import unittest

EXPECTED = [["W1", ["search", "catalog"]], ["W2", ["pricing"]], ["W3", ["cart", "auth"]], ["W4", ["gateway", "mailer"]], ["W5", ["ledger"]], ["W6", ["checkout"]]]


class PlanTest(unittest.TestCase):
    def test_plan(self):
        with open("plan.json", encoding="utf-8") as f:
            plan = json.load(f)
        self.assertEqual([[w["window"], w["releases"]] for w in plan], EXPECTED)
