import gc
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab_serve.sessions.memory_store import MemoryStore

TTL_S = 7


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Model:
    """The same in plain words."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.entries: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()

    def peek(self, key: bytes, now: float) -> bytes | None:
        if key not in self.entries:
            return None
        put_at, value = self.entries[key]
        if now - put_at >= TTL_S:
            del self.entries[key]
            return None
        self.entries.move_to_end(key)
        return value

    def keep(self, key: bytes, value: bytes, now: float) -> None:
        self.entries[key] = (now, value)
        self.entries.move_to_end(key)
        if len(self.entries) > self.bound:
            self.entries.popitem(last=False)


small = st.integers(0, 3)
steps = st.lists(st.tuples(st.sampled_from(["keep", "peek", "wait"]), small), max_size=80)


def bytes_of(number: int) -> bytes:
    return number.to_bytes(16)


@given(steps=steps, bound=st.integers(1, 3))
def test_it_is_a_bounded_lru_in_which_nothing_outlives_its_time(steps, bound):
    clock, model = Clock(), Model(bound)
    store = MemoryStore(bound, ttl_s=TTL_S, clock=clock)
    for number, (action, argument) in enumerate(steps):
        key = bytes_of(argument)
        if action == "keep":
            store.keep(key, b"%d" % number)
            model.keep(key, b"%d" % number, clock.now)
        elif action == "wait":
            clock.now += argument
        else:
            assert store.peek(key) == model.peek(key, clock.now)
        assert len(store) == len(model.entries) <= bound


def test_looking_counts_as_use():
    store = MemoryStore(2)
    store.keep(b"a", b"1")
    store.keep(b"b", b"2")
    assert store.peek(b"a") == b"1"
    store.keep(b"c", b"3")
    assert [store.peek(key) for key in (b"a", b"b", b"c")] == [b"1", None, b"3"]


@given(numbers=st.lists(st.integers(0, 9_000), max_size=300), bound=st.integers(2_501, 8_000))
def test_a_large_one_gives_what_was_put(numbers, bound):
    store = MemoryStore(bound)
    for number in numbers:
        store.keep(bytes_of(number), b"%d" % number)
    for number in numbers:
        assert store.peek(bytes_of(number)) == b"%d" % number


@pytest.mark.parametrize("bound", [1, 2_500, 2_501, 10_000])
def test_it_holds_its_bound_and_forgets_what_was_unused_longest(bound):
    store = MemoryStore(bound)
    for number in range(3 * bound):
        store.keep(bytes_of(number), b"x")
    assert len(store) == bound
    kept = [number for number in range(3 * bound) if store.peek(bytes_of(number)) is not None]
    assert len(kept) == bound
    # Shards are not filled evenly, so a few that are older stay and as many that are younger go.
    assert sum(number >= 2 * bound for number in kept) >= 0.9 * bound


def test_the_garbage_collector_has_nothing_to_walk():
    store = MemoryStore(5_000)
    for number in range(5_000):
        store.keep(bytes_of(number), b"x")
        store.peek(bytes_of(number // 2))
    assert not any(gc.is_tracked(shard) for shard in store._shards)


async def test_closing_forgets_everything():
    store = MemoryStore(10)
    store.keep(b"key", b"value")
    await store.close()
    assert await store.get_many([b"key"]) == [None]
    assert len(store) == 0
