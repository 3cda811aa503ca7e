import copy
import hashlib
import pathlib
import random
import unittest

from stock import ConflictError, Event, EventStore, OutOfStock, Stock, StockService

STORE = "2324bbc9997b1c05a19eed1e17870644164761fcdc2f65f7ea9338e7320a3e0f"


def rebuilt(store, stream="w"):
    """The truth: every event of the stream, no snapshot."""
    stock = Stock()
    for event in store._streams.get(stream, []):
        stock.apply(event)
    return stock


class SnapshotTest(unittest.TestCase):
    def test_snapshot_stays(self):
        stock = Stock()
        for event in (Event("received", "a", 9), Event("reserved", "a", 2, "o1")):
            stock.apply(event)
        snapshot = stock.snapshot()
        kept = copy.deepcopy(snapshot)
        stock.apply(Event("reserved", "a", 3, "o1"))
        self.assertEqual(snapshot, kept)
        twin = Stock.restore(snapshot)
        twin.apply(Event("shipped", "a", 1, "o1"))
        self.assertEqual(snapshot, kept)
        self.assertEqual(Stock.restore(snapshot).free("a"), 7)

    def test_many_restarts(self):
        store = EventStore()
        service = StockService(store, snapshot_every=3)
        service.receive("w", "a", 50)
        service.reserve("w", "o1", [("a", 1)])
        service.reserve("w", "o1", [("a", 1)])
        service.reserve("w", "o1", [("a", 4)])
        service.ship("w", "o1", "a", 2)
        for _ in range(4):
            self.assertEqual(StockService(store, snapshot_every=3).free("w", "a"), 44)
        self.assertEqual(service.free("w", "a"), 44)


class ConflictTest(unittest.TestCase):
    def pair(self, qty, **options):
        store = EventStore()
        one, two = StockService(store, **options), StockService(store, **options)
        one.receive("w", "a", qty)
        one.load("w"), two.load("w")
        return store, one, two

    def test_loser_decides_again(self):
        store, one, two = self.pair(5)
        one.reserve("w", "o1", [("a", 3)])
        with self.assertRaises(OutOfStock):
            two.reserve("w", "o2", [("a", 3)])
        self.assertEqual(len(store._streams["w"]), 2)
        self.assertEqual((one.free("w", "a"), two.free("w", "a"), rebuilt(store).free("a")), (2, 2, 2))

    def test_recorded_once(self):
        store, one, two = self.pair(10)
        one.reserve("w", "o1", [("a", 3)])
        two.reserve("w", "o2", [("a", 3)])
        self.assertEqual(rebuilt(store).reserved, {"o1": {"a": 3}, "o2": {"a": 3}})
        self.assertEqual(two.free("w", "a"), 4)

    def test_refusal_rests_on_the_newest_state(self):
        store, one, two = self.pair(5)
        one.reserve("w", "o1", [("a", 5)])
        two.free("w", "a")
        one.release("w", "o1")
        two.reserve("w", "o2", [("a", 4)])
        self.assertEqual(rebuilt(store).free("a"), 1)
        one.reserve("w", "o3", [("a", 1)])
        one.release("w", "o3")
        with self.assertRaises(OutOfStock):
            two.reserve("w", "o4", [("a", 2)])
        two.reserve("w", "o4", [("a", 1)])

    def test_stale_refusal(self):
        store, one, two = self.pair(2)
        one.receive("w", "a", 8)
        two.reserve("w", "o2", [("a", 7)])
        self.assertEqual(rebuilt(store).free("a"), 3)
        one.reserve("w", "o1", [("a", 1)])
        two.ship("w", "o1", "a", 1)
        self.assertEqual(rebuilt(store).on_hand, {"a": 9})
        one.reserve("w", "o5", [("a", 1)])
        two.release("w", "o5")
        self.assertEqual(rebuilt(store).free("a"), 2)

    def test_gives_up_clean(self):
        class Busy(EventStore):
            def append(self, stream, events, expected_version):
                calls.append(list(events))
                raise ConflictError(stream)
        calls, store = [], EventStore()
        StockService(store).receive("w", "a", 5)
        busy = Busy()
        busy.__dict__ = store.__dict__
        service = StockService(busy, retries=3)
        with self.assertRaises(ConflictError):
            service.reserve("w", "o1", [("a", 2)])
        self.assertEqual(calls, [[Event("reserved", "a", 2, "o1")]] * 3)
        self.assertEqual((service.free("w", "a"), service.load("w").version), (5, 1))

    def test_store_down(self):
        class Down(EventStore):
            def append(self, *a):
                raise OSError("disk")
        store = EventStore()
        StockService(store).receive("w", "a", 5)
        down = Down()
        down.__dict__ = store.__dict__
        service = StockService(down)
        with self.assertRaises(OSError):
            service.reserve("w", "o1", [("a", 2)])
        self.assertEqual((service.free("w", "a"), service.load("w").version), (5, 1))


class LinesTest(unittest.TestCase):
    def test_same_sku_twice(self):
        store = EventStore()
        service = StockService(store)
        service.receive("w", "a", 3)
        service.receive("w", "b", 9)
        with self.assertRaises(OutOfStock):
            service.reserve("w", "o1", [("a", 2), ("b", 1), ("a", 2)])
        self.assertEqual((service.free("w", "a"), service.free("w", "b")), (3, 9))
        service.reserve("w", "o1", [("a", 2), ("b", 1), ("a", 1)])
        self.assertEqual((service.free("w", "a"), service.free("w", "b")), (0, 8))

    def test_one_shot_lines(self):
        store = EventStore()
        one, two = StockService(store), StockService(store)
        one.receive("w", "a", 9)
        two.load("w")
        one.receive("w", "a", 1)
        two.reserve("w", "o1", iter([("a", 2), ("a", 3)]))
        self.assertEqual(rebuilt(store).reserved, {"o1": {"a": 5}})


class WholeTest(unittest.TestCase):
    def test_cache_is_kept(self):
        store = EventStore()
        service = StockService(store, snapshot_every=1000)
        for _ in range(200):
            service.receive("w", "a", 1)
            service.free("w", "a")
        self.assertLess(store.events_read, 1000)

    def test_random(self):
        for seed in range(40):
            rnd, store = random.Random(seed), EventStore()
            services = [StockService(store, snapshot_every=3) for _ in range(2)]
            for step in range(60):
                if rnd.random() < .1:
                    services[rnd.randrange(2)] = StockService(store, snapshot_every=3)
                service, order, sku = rnd.choice(services), "o%d" % rnd.randrange(4), rnd.choice("ab")
                action = rnd.randrange(5)
                try:
                    if action == 0:
                        service.receive("w", sku, rnd.randint(1, 3))
                    elif action < 3:
                        service.reserve("w", order, [(rnd.choice("ab"), rnd.randint(1, 3)) for _ in range(2)])
                    elif action == 3:
                        service.release("w", order)
                    else:
                        service.ship("w", order, sku, 1)
                except (OutOfStock, KeyError, ValueError):
                    pass
                truth = rebuilt(store)
                fresh = StockService(store, snapshot_every=3).load("w")
                self.assertEqual((fresh.on_hand, fresh.reserved, fresh.version), (truth.on_hand, truth.reserved, truth.version), (seed, step))
                self.assertTrue(all(truth.free(s) >= 0 for s in "ab"), (seed, step))

    def test_store_untouched(self):
        self.assertEqual(hashlib.sha256(pathlib.Path("stock/store.py").read_bytes()).hexdigest(), STORE)


if __name__ == "__main__":
    unittest.main()
