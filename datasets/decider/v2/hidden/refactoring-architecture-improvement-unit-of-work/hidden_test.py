import ast
import pathlib
import sys
import unittest

sys.path.insert(0, "")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def tree(path):
    return ast.parse(pathlib.Path(path).read_text())


def functions(root):
    return [n for n in ast.walk(root) if isinstance(n, FUNCTION[:2])]


def own(node):
    """All nodes of a function without those of nested functions (lambdas belong to it)."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, FUNCTION[:2]):
            yield from own(child)


def decisions(function):
    count = 0
    for n in own(function):
        if isinstance(n, (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.IfExp)):
            count += 1
        elif isinstance(n, ast.comprehension):
            count += 1 + len(n.ifs)
        elif isinstance(n, ast.BoolOp):
            count += len(n.values) - 1
        elif isinstance(n, ast.Match):
            count += len(n.cases)
    return count


def length(node):
    return node.end_lineno - node.lineno + 1


import random
import re
import sqlite3

SCHEMA = '''CREATE TABLE account (number TEXT PRIMARY KEY, cents INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 1);
CREATE TABLE booking (id INTEGER PRIMARY KEY, source TEXT, target TEXT, cents INTEGER NOT NULL);
'''


class Broken(Exception):
    pass


class Db:
    """A connection that breaks at the n-th statement that matches."""

    def __init__(self, rows, isolation=None):
        self.real = sqlite3.connect(":memory:", isolation_level=None)
        self.real.executescript(SCHEMA)
        self.real.executemany("INSERT INTO account VALUES (?, ?, 1)", rows)
        self.left, self.pattern, self.error, self.count = None, ".", Broken, 0

    def execute(self, sql, parameters=()):
        if re.search(self.pattern, sql, re.I):
            self.count += 1
            if self.left is not None:
                self.left -= 1
                if self.left == 0:
                    raise self.error("broken at " + sql)
        return self.real.execute(sql, parameters)

    def commit(self):
        if re.search(self.pattern, "COMMIT", re.I) and self.left is not None:
            self.left -= 1
            if self.left == 0:
                raise self.error("broken commit")
        return self.real.commit()

    def rollback(self):
        return self.real.rollback()

    @property
    def in_transaction(self):
        return self.real.in_transaction

    def state(self):
        return (self.real.execute("SELECT * FROM account ORDER BY number").fetchall(), self.real.execute("SELECT source, target, cents FROM booking ORDER BY id").fetchall())


ROWS = [("a", 1000), ("b", 200), ("c", 0), ("d", 7)]


def world(rows=ROWS, bad=()):
    from bank.uow import UnitOfWork
    db, sent = Db(rows), []

    def send(customer, text):
        assert not db.in_transaction, "mailed inside the transaction"
        sent.append((customer, text))
        if customer in bad:
            raise OSError("no such mailbox")
    return db, UnitOfWork(db, send), sent


class UnitTest(unittest.TestCase):
    def test_unit(self):
        db, uow, sent = world()
        self.assertIs(uow.db, db)
        with self.assertRaises(RuntimeError):
            uow.mail("a", "x")
        with uow:
            uow.mail("a", "1")
            with uow:
                uow.mail("b", "2")
                uow.db.execute("UPDATE account SET cents = 1 WHERE number = 'a'")
            self.assertEqual(sent, [])
            try:
                with uow:
                    uow.db.execute("UPDATE account SET cents = 2 WHERE number = 'b'")
                    with uow:
                        uow.mail("c", "undone")
                        uow.db.execute("UPDATE account SET cents = 3 WHERE number = 'c'")
                    uow.mail("c", "undone too")
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                pass
            uow.mail("d", "3")
        self.assertEqual(sent, [("a", "1"), ("b", "2"), ("d", "3")])
        self.assertEqual([r[1] for r in db.state()[0]], [1, 200, 0, 7])
        with self.assertRaises(RuntimeError):
            uow.mail("a", "x")
        with self.assertRaises(ZeroDivisionError):
            with uow:
                with uow:
                    db.execute("DELETE FROM account")
                    uow.mail("a", "never")
                1 / 0
        self.assertFalse(db.in_transaction)
        self.assertEqual(([r[1] for r in db.state()[0]], len(sent)), ([1, 200, 0, 7], 3))
        with uow:
            uow.mail("a", "again")
        self.assertEqual(sent[3:], [("a", "again")])

    def test_broken_commit_and_mails(self):
        db, uow, sent = world(bad=("b",))
        db.pattern, db.left = r"\bCOMMIT\b|\bEND\b", 1
        with self.assertRaises(Broken):
            with uow:
                db.execute("DELETE FROM account")
                uow.mail("a", "never")
        self.assertFalse(db.in_transaction)
        self.assertEqual((len(db.state()[0]), sent), (4, []))
        with uow:
            uow.mail("b", "1"), uow.mail("a", "2"), uow.mail("b", "3")
        self.assertEqual(sent, [("b", "1"), ("a", "2"), ("b", "3")])

    def test_two_units(self):
        one, two = world(), world()
        with one[1]:
            one[1].mail("a", "x")
            with self.assertRaises(RuntimeError):
                two[1].mail("a", "y")
        self.assertEqual((one[2], two[2]), ([("a", "x")], []))


class ServiceTest(unittest.TestCase):
    def setUp(self):
        from bank import accounts, service
        self.service, self.accounts = service, accounts

    def test_nothing_fails(self):
        db, uow, sent = world()
        s = self.service
        self.assertEqual(s.transfer(uow, "a", "b", 300), 700)
        self.assertEqual(sent, [("a", "300 sent to b, 700 left"), ("b", "300 received from a")])
        self.assertEqual(s.pay_all(uow, "a", [("b", 100), ("c", 50), ("nobody", 1), ("d", 9999), ("a", 1), ("c", 20), ("d", 1)]), ["nobody", "d", "a"])
        self.assertEqual(sent[2:], [("a", "100 sent to b, 600 left"), ("b", "100 received from a"), ("a", "50 sent to c, 550 left"), ("c", "50 received from a"), ("a", "fee 5"),
                                    ("a", "20 sent to c, 525 left"), ("c", "20 received from a"), ("a", "1 sent to d, 524 left"), ("d", "1 received from a"), ("a", "not paid: nobody, d, a")])
        del sent[:]
        self.assertEqual(s.merge(uow, ["b", "c"], "a"), 524 + 600 + 70)
        self.assertEqual(sent, [("b", "600 sent to a, 0 left"), ("a", "600 received from b"), ("b", "closed"), ("c", "70 sent to a, 0 left"), ("a", "70 received from c"), ("c", "closed")])
        with self.assertRaises(ValueError):
            s.transfer(uow, "a", "a", 5)
        with self.assertRaises(self.accounts.Unknown):
            s.close(uow, "b", "a")

    def test_part_of_a_bill_is_no_bill(self):
        db, uow, sent = world([("a", 30), ("b", 0)])
        self.assertEqual(self.service.pay_all(uow, "a", [("b", 10), ("b", 10), ("b", 8), ("b", 5)]), ["b"])
        # the third bill would leave 2, too little for its fee
        self.assertEqual(db.state()[1], [("a", "b", 10), ("a", "b", 10), ("a", "b", 5)])
        self.assertEqual(dict(r[:2] for r in db.state()[0]), {"a": 0, "b": 25})
        self.assertEqual([t for c, t in sent if c == "a"], ["10 sent to b, 20 left", "10 sent to b, 10 left", "5 sent to b, 5 left", "fee 5", "not paid: b"])

    def test_all_or_nothing(self):
        calls = [lambda s, u: s.transfer(u, "a", "b", 300), lambda s, u: s.close(u, "b", "a"), lambda s, u: s.merge(u, ["b", "d"], "a"),
                 lambda s, u: s.pay_all(u, "a", [("b", 10), ("c", 10), ("d", 10), ("nobody", 4)])]
        for number, call in enumerate(calls):
            db, uow, sent = world()
            call(self.service, uow)
            done, total = (db.state(), list(sent)), db.count
            for error in (Broken, KeyboardInterrupt):
                for left in range(1, total + 1):
                    db, uow, sent = world()
                    before = db.state()
                    db.left, db.error = left, error
                    with self.assertRaises(error):
                        call(self.service, uow)
                    self.assertFalse(db.in_transaction)
                    self.assertEqual((db.state(), sent), (before, []), (number, left))
                    call(self.service, uow)
                    self.assertEqual((db.state(), sent), done, (number, left))

    def test_errors_inside_and_outside(self):
        s, a = self.service, self.accounts
        for call, error in ((lambda u: s.transfer(u, "a", "nobody", 5), a.Unknown), (lambda u: s.transfer(u, "c", "a", 5), a.Overdrawn),
                            (lambda u: s.merge(u, ["b", "nobody"], "a"), a.Unknown), (lambda u: s.merge(u, ["b", "a"], "a"), ValueError),
                            (lambda u: s.close(u, "a", "nobody"), a.Unknown)):
            db, uow, sent = world()
            before = db.state()
            with self.assertRaises(error):
                call(uow)
            self.assertEqual((db.state(), sent), (before, []))
            with uow:
                s.transfer(uow, "a", "b", 1)
                try:
                    call(uow)
                except error:
                    uow.mail("a", "sorry")
                s.transfer(uow, "a", "b", 2)
            self.assertEqual(db.state()[1], [("a", "b", 1), ("a", "b", 2)])
            self.assertEqual([m[1] for m in sent if m[0] == "a"], ["1 sent to b, 999 left", "sorry", "2 sent to b, 997 left"])

    def test_structure(self):
        for path in pathlib.Path("bank").glob("*.py"):
            root = tree(path)
            for node in ast.walk(root):
                if path.name != "uow.py":
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(node, ast.Expr):
                        docs = {ast.get_docstring(n, clean=False) for n in ast.walk(root) if isinstance(n, (ast.Module, ast.ClassDef) + FUNCTION[:2])}
                        if node.value not in docs:
                            self.assertIsNone(re.search(r"(?i)\b(begin|commit|rollback|savepoint|release)\b", node.value), path)
                    self.assertNotIn(getattr(node, "attr", None), ("commit", "rollback", "send", "executescript"), path)
                    self.assertNotEqual(getattr(node, "id", None), "send", path)


if __name__ == "__main__":
    unittest.main()
