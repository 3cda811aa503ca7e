import json
import unittest

CLOSED = [11, 15, 19, 20, 23, 24, 27]
VERSIONS = {'11': 3, '12': 2, '13': 2, '14': 3, '15': 2, '16': 2, '17': 2, '18': 3, '19': 3, '20': 3, '21': 3, '22': 2, '23': 2, '24': 2, '25': 2, '26': 2, '27': 7}


class TicketsTest(unittest.TestCase):
    def setUp(self):
        with open("tickets.json") as f:
            self.tickets = {t["id"]: t for t in json.load(f)}

    def test_right_ones_closed(self):
        self.assertEqual(sorted(i for i, t in self.tickets.items() if t.get("reason") == "no answer"), CLOSED)
        self.assertEqual({t["state"] for i, t in self.tickets.items() if i in CLOSED}, {"closed"})

    def test_versions(self):
        self.assertEqual({str(i): t["version"] - (i in CLOSED) for i, t in self.tickets.items()}, VERSIONS)

    def test_went_through_the_tool(self):
        with open("changes.log") as f:
            log = [json.loads(line) for line in f]
        self.assertEqual(sorted((e["op"], e["id"]) for e in log), [("close", i) for i in CLOSED])
