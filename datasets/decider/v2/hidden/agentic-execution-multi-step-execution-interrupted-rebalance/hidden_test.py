import json
import sqlite3
import unittest

ROWS = {'s1': [('k00-0', 0, 3, 'stray new'),
    ('k00-1', 0, 2, None),
    ('k03-0', 3, 1, 'v0'),
    ('k03-1', 3, 1, 'v1'),
    ('k03-7', 3, 1, 'only stray'),
    ('k09-0', 9, 1, 'nine'),
    ('k09-1', 9, 1, 'nine'),
    ('k09-2', 9, 1, 'nine')], 's2': [('k01-a', 1, 2, 'a2'),
    ('k01-b', 1, 1, 'b1'),
    ('k01-d', 1, 9, 'same old'),
    ('k01-e', 1, 5, 'misled'),
    ('k04-0', 4, 1, 'v0'),
    ('k04-1', 4, 1, 'v1'),
    ('k04-2', 4, 1, 'v2'),
    ('k06-0', 6, 2, 'six'),
    ('k06-1', 6, 5, 'misled six'),
    ('k06-2', 6, 2, 'six'),
    ('k06-3', 6, 2, 'six'),
    ('k06-9', 6, 1, 'only in s4'),
    ('k06-x', 6, 2, None),
    ('k07-0', 7, 1, 'v0'),
    ('k07-1', 7, 1, 'v1'),
    ('k07-2', 7, 1, 'v2'),
    ('k13-0', 13, 1, 'thirteen'),
    ('k13-1', 13, 2, 'thirteen new')], 's3': [('k05-a', 5, 3, 'new a'),
    ('k05-b', 5, 7, 'late b'),
    ('k05-e', 5, 1, 'e'),
    ('k05-f', 5, 5, 'f'),
    ('k08-0', 8, 1, 'v0'),
    ('k08-1', 8, 1, 'v1'),
    ('k08-2', 8, 1, 'v2'),
    ('k10-0', 10, 1, 'v0'),
    ('k10-1', 10, 1, 'v1'),
    ('k10-2', 10, 1, 'v2'),
    ('k11-0', 11, 1, 'v0'),
    ('k11-1', 11, 1, 'v1'),
    ('k11-2', 11, 1, 'v2'),
    ('k14-0', 14, 3, 'fourteen'),
    ('k14-1', 14, 3, 'fourteen')], 's4': [('k02-a', 2, 1, 'two a'),
    ('k02-b', 2, 2, 'two b'),
    ('k12-0', 12, 1, 'v0'),
    ('k12-1', 12, 1, 'v1'),
    ('k12-2', 12, 1, 'v2'),
    ('k15-0', 15, 1, 'v0'),
    ('k15-1', 15, 1, 'v1'),
    ('k15-2', 15, 1, 'v2')]}
MAP = {'epoch': 44, 'buckets': {'0': 's1', '1': 's2', '2': 's4', '3': 's1', '4': 's2', '5': 's3', '6': 's2', '7': 's2', '8': 's3', '9': 's1', '10': 's3', '11': 's3', '12': 's4', '13': 's2', '14': 's3', '15': 's4'}}
OLD_LINES = 16
STEPS = [(3, 'switched'), (3, 'cleaned'), (8, 'cleaned'), (4, 'switched'), (4, 'cleaned'), (5, 'aborted'), (6, 'copied'), (6, 'switched'), (6, 'cleaned'), (7, 'copied'), (7, 'switched'), (7, 'cleaned')]


class ShardsTest(unittest.TestCase):
    maxDiff = None

    def rows(self, shard):
        con = sqlite3.connect(shard + ".db")
        self.addCleanup(con.close)
        return con.execute("SELECT * FROM rows ORDER BY key").fetchall()

    def test_s1(self):
        self.assertEqual(self.rows("s1"), ROWS["s1"])

    def test_s2(self):
        self.assertEqual(self.rows("s2"), ROWS["s2"])

    def test_s3(self):
        self.assertEqual(self.rows("s3"), ROWS["s3"])

    def test_s4(self):
        self.assertEqual(self.rows("s4"), ROWS["s4"])

    def test_map(self):
        with open("map.json") as f:
            self.assertEqual(json.load(f), MAP)

    def test_journal(self):
        with open("journal.jsonl") as f:
            lines = [json.loads(line) for line in f if line.strip()]
        self.assertEqual([(e["move"], e["step"]) for e in lines[OLD_LINES:]], STEPS)
        moves = {e["move"]: (e["bucket"], e["from"], e["to"]) for e in lines[:OLD_LINES]}
        self.assertEqual([moves[e["move"]] for e in lines], [(e["bucket"], e["from"], e["to"]) for e in lines])
