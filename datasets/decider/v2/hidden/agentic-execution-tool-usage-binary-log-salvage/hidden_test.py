import json
import unittest

ENTRIES = [(1924992005, 'pump', 'on'),
    (1924992005, 'valve', '42%'),
    (1924992135, 'tank/level', '7.1 m'),
    (1924992131, 'pump', 'off'),
    (1924992132, 'valve', 'trap §\x02\x1a\x01\x02inside an intact value 1x"W\x1b'),
    (1924992135, 'valve', None),
    (1924992195, 'valve B', '18%'),
    (1924992195, 'pump', 'on'),
    (1924992265, 'valve B', '19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%19%'),
    (None, '#1', 'undated'),
    (None, '#300', None),
    (None, 'pump', 'named, undated'),
    (1925000010, 'pump', 'dated'),
    (1925000020, '#2', 'no name'),
    (1924999990, 'valve C', '19 %'),
    (1924999991, 'valve C', 'in pack'),
    (None, '#2', 'after inner gap'),
    (1925100001, 'valve D', 'again'),
    (1925100009, 'tank/level', 'after pack'),
    (1925100010, '#1', 'nameless'),
    (None, 'ghost', 'embedded'),
    (None, '#1', 'after embedded'),
    (None, '#300', 'still ghost?'),
    (1925300000, 'pump 3', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    (None, '#1', 'type six'),
    (None, '#1', 'end'),
    (1925500001, 'pump 5', 'Größe'),
    (1925500001, 'pump 5', None)]
GAPS = [[412, 13], [725, 6], [760, 10], [802, 9], [1114, 19], [1179, 33], [1278, 9]]


class LogTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        with open("entries.jsonl", encoding="utf-8") as f:
            self.entries = [json.loads(line) for line in f if line.strip()]

    def test_values(self):
        self.assertEqual([e["value"] for e in self.entries], [e[2] for e in ENTRIES])

    def test_names(self):
        self.assertEqual([e["name"] for e in self.entries], [e[1] for e in ENTRIES])

    def test_times(self):
        self.assertEqual([e["time"] for e in self.entries], [e[0] for e in ENTRIES])

    def test_gaps(self):
        with open("gaps.json") as f:
            self.assertEqual(json.load(f), GAPS)
