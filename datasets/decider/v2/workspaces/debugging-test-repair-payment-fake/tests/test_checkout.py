import unittest

import checkout
from gateway import Declined, Unreachable
from tests.fakes import FakeGateway


class CheckoutTest(unittest.TestCase):
    def setUp(self):
        self.gateway = FakeGateway()

    def test_pay(self):
        self.assertEqual(checkout.pay(self.gateway, "4711", 1250), "R1")
        self.assertEqual(self.gateway.taken, 1250)
        self.gateway.script("declined")
        with self.assertRaises(Declined):
            checkout.pay(self.gateway, "4711", 1250)

    def test_retry(self):
        self.gateway.script("lost", "ok")
        checkout.pay(self.gateway, "4711", 1250)
        self.assertEqual(self.gateway.taken, 1250)
        self.gateway.script("lost", "lost")
        with self.assertRaises(Unreachable):
            checkout.pay(self.gateway, "4711", 1250)

    def test_cancel(self):
        number = checkout.pay(self.gateway, "4711", 1250)
        checkout.cancel(self.gateway, number, 1250)
        self.assertEqual(self.gateway.taken, 0)


if __name__ == "__main__":
    unittest.main()
