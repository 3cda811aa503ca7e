import sqlite3
import unittest

ACCOUNTS = [('anna', 5, 3250, 'EUR'),
    ('ben', 9, 900, 'EUR'),
    ('carl', 2, 1009, 'EUR'),
    ('dora', 6, 940, 'EUR'),
    ('emil', 5, 300, 'EUR'),
    ('finn', 3, 50, 'EUR'),
    ('gus', 6, 1000, 'EUR'),
    ('hana', 1, 5, 'EUR'),
    ('ida', 0, 100, 'EUR'),
    ('jan', 2, 70, 'USD'),
    ('kim', 1, 11, 'USD'),
    ('lea', 0, 0, 'EUR'),
    ('mia', 0, 0, 'EUR'),
    ('noa', 0, 900, 'EUR'),
    ('oli', 0, 0, 'EUR'),
    ('pia', 0, 100, 'EUR'),
    ('quin', 2, 60, 'EUR'),
    ('rob', 2, 40, 'EUR'),
    ('sam', 0, 50, 'EUR'),
    ('tom', 0, 50, 'EUR')]
APPLIED = ['m00', 'a17', 'm01', 'm04', 'm05', 'm07', 'm08', 'm09', 'm10', 'm10-to', 'm11', 'm14', 'm18', 'm20', 'm21', 'm27', 'm28', 'm31']
CONFLICTS = ['m06', 'm19']
PARKED = ['m02', 'm03', 'm12', 'm13', 'm15', 'm16', 'm17', 'm22', 'm23', 'm24', 'm25', 'm26', 'm29', 'm30']


class ReplayTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.con = sqlite3.connect("ledger.db")
        self.addCleanup(self.con.close)

    def test_accounts(self):
        self.assertEqual(self.con.execute("SELECT * FROM accounts ORDER BY name").fetchall(), ACCOUNTS)

    def test_order(self):
        self.assertEqual([i for (i,) in self.con.execute("SELECT id FROM applied ORDER BY n")], APPLIED)

    def test_conflicts(self):
        with open("conflicts.txt") as f:
            self.assertEqual(f.read().split(), CONFLICTS)

    def test_parked(self):
        with open("parked.txt") as f:
            self.assertEqual(f.read().split(), PARKED)
