import pytest

from routelab_serve.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock) -> Breaker:
    return Breaker("read", failures=3, pause_s=1.0, clock=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(ConnectionError())


def test_it_lets_calls_through_until_several_failed_in_a_row(breaker):
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.allows()
    fail(breaker, 1)
    assert not breaker.allows()


def test_after_a_pause_it_allows_one_probe(breaker, clock):
    fail(breaker, 3)
    clock.now += 1.0
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_probe_that_fails_starts_another_pause(breaker, clock):
    fail(breaker, 3)
    clock.now += 1.0
    assert breaker.allows()
    clock.now += 0.5
    fail(breaker, 1)
    clock.now += 0.9
    assert not breaker.allows()
    clock.now += 0.1
    assert breaker.allows()


def test_a_probe_that_succeeds_lets_everything_through(breaker, clock):
    fail(breaker, 3)
    clock.now += 1.0
    assert breaker.allows()
    breaker.succeeded()
    assert all(breaker.allows() for _ in range(5))
    fail(breaker, 1)
    assert breaker.allows()


def test_a_probe_that_nobody_hears_of_is_followed_by_another(breaker, clock):
    fail(breaker, 3)
    clock.now += 1.0
    assert breaker.allows()
    clock.now += 1.0
    assert breaker.allows()
