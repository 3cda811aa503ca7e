from hypothesis import given
from hypothesis import strategies as st

from routelab_serve.ttl_cache import TtlCache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_lives_half_an_hour_after_it_was_last_put():
    clock = Clock()
    cache: TtlCache[str, int] = TtlCache(10, clock=clock)
    cache.put("a", 1)
    clock.now = 1000.0
    cache.put("a", 2)
    clock.now = 1000.0 + 1799.9
    assert cache.get("a") == 2
    clock.now = 1000.0 + 1800.0
    assert cache.get("a") is None
    assert len(cache) == 0


def test_reading_does_not_lengthen_a_life():
    clock = Clock()
    cache: TtlCache[str, int] = TtlCache(10, ttl_s=10, clock=clock)
    cache.put("a", 1)
    clock.now = 9.0
    assert cache.get("a") == 1
    clock.now = 10.0
    assert cache.get("a") is None


def test_the_least_recently_used_makes_room():
    cache: TtlCache[str, int] = TtlCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]


keys = st.integers(0, 8)
steps = st.lists(
    st.one_of(st.tuples(st.just("put"), keys), st.tuples(st.just("get"), keys), st.tuples(st.just("wait"), keys))
)


@given(steps=steps, bound=st.integers(1, 5))
def test_it_never_grows_beyond_its_bound_nor_gives_an_old_or_foreign_value(steps, bound):
    clock = Clock()
    cache: TtlCache[int, tuple[int, float]] = TtlCache(bound, ttl_s=7, clock=clock)
    for action, key in steps:
        if action == "put":
            cache.put(key, (key, clock.now))
            assert cache.get(key) == (key, clock.now)
        elif action == "wait":
            clock.now += key
        elif (value := cache.get(key)) is not None:
            assert value[0] == key
            assert clock.now - value[1] < 7
        assert len(cache) <= bound
