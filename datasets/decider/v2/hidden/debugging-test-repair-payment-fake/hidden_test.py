import ast
import hashlib
import importlib
import os
import pathlib
import signal
import sys
import traceback
import types
import unittest

sys.path.insert(0, os.getcwd())


def forked(task, seconds=8):
    """(whether the task was true, its output), run in a forked child."""
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        good = False
        try:
            signal.alarm(seconds)
            os.close(read)
            os.dup2(write, 1)
            os.dup2(write, 2)
            good = bool(task())
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0 if good else 1)
    os.close(write)
    with os.fdopen(read, encoding="utf-8", errors="replace") as pipe:
        output = pipe.read()
    return os.waitpid(pid, 0)[1] == 0, output


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def plant(name, text):
    """Put a module made from this text in the place of the real one."""
    module = types.ModuleType(name)
    module.__file__ = name.replace(".", "/") + ".py"
    parent, _, last = name.rpartition(".")
    if parent:
        module.__package__ = parent
        setattr(importlib.import_module(parent), last, module)
    sys.modules[name] = module
    exec(compile(text, module.__file__, "exec"), module.__dict__)


def changed(path, old, new):
    text = pathlib.Path(path).read_text()
    assert text.count(old) == 1, (path, old, text.count(old))
    return text.replace(old, new)


def run(target, sources=None, before=None, order=None, least=1):
    """(whether a test suite is green without skips, its output) in a child of this process."""
    def task():
        for name, text in (sources or {}).items():
            plant(name, text)
        if before:
            before()
        suite = unittest.defaultTestLoader.loadTestsFromNames([target] if isinstance(target, str) else target)
        if order:
            tests = []

            def flat(part):
                for item in part:
                    flat(item) if isinstance(item, unittest.TestSuite) else tests.append(item)
            flat(suite)
            suite = unittest.TestSuite(order(tests))
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
        return (result.wasSuccessful() and not result.skipped and not result.expectedFailures
                and result.testsRun >= least)
    return forked(task)


from gateway import Declined, Receipt, Unreachable, UnknownReceipt


class ContractTest(unittest.TestCase):
    def setUp(self):
        from tests.fakes import FakeGateway
        self.fake = FakeGateway()

    def test_charge(self):
        first = self.fake.charge("a", 500)
        self.assertEqual((type(first), first.key, first.cents, first.refunded), (Receipt, "a", 500, 0))
        second = self.fake.charge("b", 70)
        self.assertNotEqual(first.number, second.number)
        self.assertEqual(self.fake.taken, 570)
        self.assertEqual((self.fake.find("a"), self.fake.find("b"), self.fake.find("c")), (first, second, None))

    def test_once_for_a_key(self):
        first = self.fake.charge("a", 500)
        self.assertEqual(self.fake.charge("a", 500), first)
        self.assertEqual(self.fake.charge("a", 900), first)
        self.assertEqual(self.fake.taken, 500)
        now = self.fake.refund(first.number, 100)
        self.assertEqual(self.fake.charge("a", 500), now)
        self.assertEqual(self.fake.taken, 400)

    def test_refund(self):
        number = self.fake.charge("a", 500).number
        self.assertEqual(self.fake.refund(number, 100).refunded, 100)
        self.assertEqual(self.fake.refund(number, 150), Receipt(number, "a", 500, 250))
        for cents in (251, 0, -5):
            with self.assertRaises(ValueError):
                self.fake.refund(number, cents)
        self.assertEqual(self.fake.refund(number, 250), self.fake.find("a"))
        self.assertEqual((self.fake.find("a").refunded, self.fake.taken), (500, 0))
        with self.assertRaises(UnknownReceipt):
            self.fake.refund("no such receipt", 1)

    def test_bad_amount(self):
        for cents in (0, -1):
            with self.assertRaises(ValueError):
                self.fake.charge("a", cents)
        self.assertEqual((self.fake.taken, self.fake.find("a")), (0, None))

    def test_script(self):
        self.fake.script("declined", "lost")
        self.fake.script("answer lost")
        with self.assertRaises(Declined):
            self.fake.charge("a", 10)
        with self.assertRaises(Unreachable):
            self.fake.charge("a", 10)
        self.assertEqual((self.fake.taken, self.fake.find("a")), (0, None))
        with self.assertRaises(Unreachable):
            self.fake.charge("a", 10)
        self.assertEqual(self.fake.taken, 10)
        found = self.fake.find("a")
        self.assertEqual(found.cents, 10)
        self.assertEqual(self.fake.charge("a", 10), found)
        self.assertEqual(self.fake.taken, 10)

    def test_answer_lost_on_a_charged_key(self):
        first = self.fake.charge("a", 10)
        self.fake.script("answer lost", "ok")
        with self.assertRaises(Unreachable):
            self.fake.charge("a", 10)
        self.assertEqual((self.fake.charge("a", 10), self.fake.taken), (first, 10))


class RepairTest(unittest.TestCase):
    def test_code_untouched(self):
        self.assertEqual(digest("gateway.py"), "ecedd8cbd35b47a263e8eabaa6243f0d362ff076e33b9f6d408bdce97a074111")
        self.assertEqual(digest("checkout.py"), "acae57038403b57d97b750ddfa4fe423e574e42a722a6d3a87801651b41504fa")

    def test_green(self):
        for name in ("pay", "retry", "cancel"):
            good, output = run("tests.test_checkout.CheckoutTest.test_" + name)
            self.assertTrue(good, output)
        good, output = run("tests.test_checkout", least=3)
        self.assertTrue(good, output)

    def test_mutants(self):
        retry = '    except Unreachable:\n        receipt = gateway.charge(order["number"], order["cents"])\n'
        mutants = {
            "no second try": (retry, "    except ZeroDivisionError:\n        pass\n"),
            "third try": (retry, "    except Unreachable:\n        try:\n            receipt = gateway.charge(order['number'], order['cents'])\n"
                          "        except Unreachable:\n            receipt = gateway.charge(order['number'], order['cents'])\n"),
            "other key": (retry, retry.replace('order["number"]', 'order["number"] + "-2"')),
            "declined again": ("except Unreachable", "except Exception"),
            "changed amount": ('receipt.cents != order["cents"]', "False"),
            "not less": ('receipt.cents != order["cents"]', 'receipt.cents < order["cents"]'),
            "key": ('gateway.find(order["number"])', 'gateway.find("#" + order["number"])'),
            "whole charge": ("left = receipt.cents - receipt.refunded", "left = receipt.cents"),
            "never charged": ("receipt is None or ", ""),
            "cancelled before": (" or receipt.refunded == receipt.cents", ""),
            "nothing left": ("        return 0\n", "        return None\n"),
            "no refund": ("    gateway.refund(receipt.number, left)\n", ""),
            "returns nothing": ("    return left\n", "    return receipt.cents\n"),
            "no receipt": ("    return receipt\n", "    return receipt.number\n"),
            "amount": ('        receipt = gateway.charge(order["number"], order["cents"])\n    except',
                       '        receipt = gateway.charge(order["number"], order["cents"] + 1)\n    except'),
        }
        for name, change in mutants.items():
            with self.subTest(name):
                good, output = run("tests.test_checkout", {"checkout": changed("checkout.py", *change)})
                self.assertFalse(good, output)


if __name__ == "__main__":
    unittest.main()
