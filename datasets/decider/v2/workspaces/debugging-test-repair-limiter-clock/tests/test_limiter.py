import unittest
from unittest import mock

from limiter import Limiter


@mock.patch("limiter.time.time")
class LimiterTest(unittest.TestCase):
    def test_window(self, clock):
        limiter = Limiter(2, 10)
        clock.side_effect = [100, 101, 105, 110.5]
        self.assertEqual([limiter.allow() for _ in range(4)], [True, True, False, True])

    def test_refused_calls_do_not_count(self, clock):
        limiter = Limiter(1, 10)
        clock.side_effect = [100, 105, 110, 111]
        self.assertEqual([limiter.allow() for _ in range(4)], [True, False, False, True])

    def test_wait(self, clock):
        limiter = Limiter(2, 10)
        clock.side_effect = [100, 104, 104, 106, 106]
        limiter.allow()
        limiter.allow()
        self.assertEqual(limiter.wait(), 6)


if __name__ == "__main__":
    unittest.main()
