import json
import unittest

EXPECTED = {
    "availability": {"reads": ["bins", "parts", "reservations"], "writes": []},
    "reserve": {"reads": ["bins", "offers", "parts", "reservations", "suppliers"], "writes": ["alerts", "outbox", "purchase_orders", "reservations"]},
    "pick": {"reads": ["reservations"], "writes": ["alerts", "bins", "moves", "reservations"]},
    "receive": {"reads": ["purchase_orders"], "writes": ["alerts", "audit", "bins", "moves", "outbox", "purchase_orders"]},
    "discontinue": {"reads": ["purchase_orders"], "writes": ["audit", "offers", "parts", "purchase_orders"]},
}


class ImpactTest(unittest.TestCase):
    def test_impact(self):
        with open("impact.json", encoding="utf-8") as f:
            self.assertEqual(json.load(f), EXPECTED)
