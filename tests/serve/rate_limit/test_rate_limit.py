"""A token bucket per key, held against a plain one."""

import timeit
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab_serve.rate_limit import RateLimiter


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def passes(limiter, key, times):
    return sum(limiter.wait_s(key) == 0 for _ in range(times))


@given(
    burst=st.integers(1, 5),
    per_second=st.sampled_from([1, 2, 8]),
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 24)), max_size=60),
)
def test_it_does_what_a_bucket_of_tokens_does(burst, per_second, steps):
    clock = Clock()
    limiter = RateLimiter(per_second=per_second, burst=burst, clock=clock)
    tokens, seen = {}, {}
    ticks = 0
    for key, pause in steps:
        ticks += pause
        clock.now = 1000 + ticks / 16
        now = Fraction(ticks, 16)
        left = min(burst, tokens.get(key, burst) + (now - seen.get(key, now)) * per_second)
        may_pass = left >= 1
        waits = limiter.wait_s(key)
        assert (waits == 0) == may_pass
        if not may_pass:
            assert waits == pytest.approx(float((1 - left) / per_second), abs=0.002 / per_second)
        tokens[key], seen[key] = left - may_pass, now


def test_a_burst_passes_and_then_a_steady_stream(clock):
    limiter = RateLimiter(per_second=10, burst=5, clock=clock)
    assert passes(limiter, "a", 20) == 5
    passed = 0
    for _ in range(1000):
        clock.now += 0.01
        passed += limiter.wait_s("a") == 0
    assert 98 <= passed <= 101


def test_keys_do_not_share_tokens(clock):
    limiter = RateLimiter(per_second=1, burst=2, clock=clock)
    assert [passes(limiter, key, 3) for key in ("a", "b", "a")] == [2, 2, 0]


def test_a_refused_request_costs_nothing(clock):
    limiter = RateLimiter(per_second=1, burst=1, clock=clock)
    assert passes(limiter, "a", 100) == 1
    clock.now += 1.0
    assert passes(limiter, "a", 100) == 1


def test_memory_is_bounded_and_the_busiest_are_remembered(clock):
    limiter = RateLimiter(per_second=1, burst=5, max_keys=100, clock=clock)
    assert passes(limiter, "busy", 10) == 5
    for number in range(5000):
        limiter.wait_s(f"key-{number}")
        assert len(limiter._full_at) <= 100
    assert passes(limiter, "busy", 10) == 0


@pytest.mark.parametrize("max_keys", [1, 2, 10])
def test_the_smallest_memories_work(clock, max_keys):
    limiter = RateLimiter(per_second=1, burst=1, max_keys=max_keys, clock=clock)
    for number in range(50):
        assert limiter.wait_s(number) == 0
        assert limiter.wait_s(number) > 0


def test_a_check_takes_under_a_microsecond():
    limiter = RateLimiter(per_second=1e9, burst=10)
    best_s = min(timeit.repeat(lambda: limiter.wait_s("key"), number=200, repeat=500)) / 200
    assert best_s < 1e-6
