import random
import unittest

from _reference import Store as Reference
from kv import Store


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.now = 100
        self.store = Store(lambda: self.now)

    def talk(self, *pairs):
        for line, want in pairs:
            if isinstance(line, (int, float)):
                self.now += line
            else:
                self.assertEqual(self.store.run(line), want, line)

    def test_as_before(self):
        self.talk(("", "ERR empty"), ("nope 1", "ERR unknown NOPE"), ("get", "ERR arguments GET"), ("SET a", "ERR arguments SET"), ("set a 1", "OK"), ("SET b x", "OK"), ("INCR a", "2"), ("INCR b", "ERR not a number"),
                  ("KEYS", "a b"), ("SET a 5", "OK"), ("KEYS", "b a"), ("COUNT 5", "1"), ("DEL b", "1"), ("DEL b", "0"), ("GET b", "NIL"), ("INCR c", "1"), ("KEYS", "a c"), ("BEGIN x", "ERR arguments BEGIN"), ("EXPIRE a", "ERR arguments EXPIRE"))

    def test_expiry(self):
        self.talk(("SET a 1", "OK"), ("SET b 1", "OK"), ("TTL a", "NEVER"), ("TTL x", "NIL"), ("EXPIRE x 5", "0"), ("EXPIRE x y", "ERR not a number"), ("EXPIRE a 1.5", "ERR not a number"), ("EXPIRE a +5", "ERR not a number"), ("EXPIRE a 1_0", "ERR not a number"),
                  ("EXPIRE a 10", "1"), (0.5, 0), ("TTL a", "10"), (0.5, 0), ("TTL a", "9"), ("INCR a", "2"), ("TTL a", "9"), ("KEYS", "a b"), (8.75, 0), ("TTL a", "1"), ("COUNT 2", "1"), (0.25, 0), ("GET a", "NIL"),
                  ("KEYS", "b"), ("COUNT 2", "0"), ("DEL a", "0"), ("INCR a", "1"), ("TTL a", "NEVER"), ("EXPIRE b 5", "1"), ("PERSIST b", "1"), ("PERSIST b", "0"), ("PERSIST x", "0"), ("EXPIRE b 5", "1"), ("SET b 7", "OK"),
                  ("TTL b", "NEVER"), ("EXPIRE b 0", "1"), ("KEYS", "a"), ("EXPIRE a -3", "1"), ("KEYS", "NONE"), ("SET a 1", "OK"), ("EXPIRE a 5", "1"), ("EXPIRE a 2", "1"), (2, 0), ("TTL a", "NIL"))

    def test_transactions(self):
        self.talk(("COMMIT", "ERR no transaction"), ("ROLLBACK", "ERR no transaction"), ("SET a 1", "OK"), ("SET b 2", "OK"), ("BEGIN", "1"), ("SET a 3", "OK"), ("DEL b", "1"), ("BEGIN", "2"), ("SET b 9", "OK"), ("SET c 1", "OK"),
                  ("KEYS", "a b c"), ("COMMIT", "2"), ("ROLLBACK", "OK"), ("KEYS", "a b"), ("GET a", "1"), ("ROLLBACK", "ERR no transaction"), ("BEGIN", "1"), ("SET a 1", "OK"), ("INCR z", "1"), ("DEL z", "1"), ("COMMIT", "0"), ("KEYS", "b a"))

    def test_both(self):
        self.talk(("SET a 1", "OK"), ("EXPIRE a 10", "1"), ("SET b 1", "OK"), ("EXPIRE b 4", "1"), ("SET c 1", "OK"), ("BEGIN", "1"), (3, 0), ("EXPIRE a 100", "1"), ("PERSIST b", "1"), ("EXPIRE c 1", "1"), ("SET d 1", "OK"), (2, 0),
                  ("KEYS", "a b d"), ("ROLLBACK", "OK"), ("KEYS", "a c"), ("TTL a", "5"), ("TTL c", "NEVER"), ("EXPIRE c 3", "1"), ("BEGIN", "1"), (3, 0), ("KEYS", "a"), ("COMMIT", "0"),
                  ("BEGIN", "1"), ("EXPIRE a 2", "1"), ("COMMIT", "0"), ("BEGIN", "1"), ("EXPIRE a 1", "1"), ("BEGIN", "2"), (1, 0), ("COMMIT", "0"), ("COMMIT", "1"), ("KEYS", "NONE"))

    def test_random(self):
        for seed in range(1500):
            rnd, now = random.Random(seed), [0]
            one, two = Store(lambda: now[0]), Reference(lambda: now[0])
            said = []
            for _ in range(rnd.randint(5, 60)):
                now[0] += rnd.choice((0, 0, 0, 1, 1, 2, 0.5, 3))
                key = rnd.choice("abc")
                line = rnd.choice((f"SET {key} {rnd.randint(0, 2)}", f"GET {key}", f"DEL {key}", f"INCR {key}", "KEYS", "COUNT 1", f"EXPIRE {key} {rnd.randint(-1, 6)}", f"EXPIRE {key} {rnd.randint(2, 9)}",
                                   f"TTL {key}", f"PERSIST {key}", "BEGIN", "BEGIN", "ROLLBACK", "COMMIT", f"SET {key} x"))
                said.append((now[0], line))
                self.assertEqual(one.run(line), two.run(line), said)


if __name__ == "__main__":
    unittest.main()
