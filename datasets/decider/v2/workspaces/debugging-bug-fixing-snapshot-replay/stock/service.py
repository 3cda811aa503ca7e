"""Commands on the stock of a warehouse."""
from stock.aggregate import Stock
from stock.events import Event
from stock.store import ConflictError


class OutOfStock(Exception):
    """Not enough free pieces for an order."""


class StockService:
    """One instance of the service. Several instances may share a store.

    A command decides on the newest state. When another instance was faster, it decides
    again on the new state, at most `retries` times in all; then ConflictError is raised.
    A command that fails for whatever reason changes nothing, neither in the store nor in
    what this instance answers afterwards.
    """

    def __init__(self, store, snapshot_every=4, retries=3):
        self._store = store
        self._cache = {}
        self._snapshot_every = snapshot_every
        self._retries = retries

    def load(self, stream):
        """The state as this instance knows it; reads the store only the first time."""
        if stream not in self._cache:
            self._cache[stream] = self._read(stream)
        return self._cache[stream]

    def free(self, stream, sku):
        return self.load(stream).free(sku)

    def receive(self, stream, sku, qty):
        self._run(stream, lambda stock: [Event("received", sku, qty)])

    def reserve(self, stream, order, lines):
        """Reserve all (sku, qty) lines of an order, or none of them and raise OutOfStock."""
        def decide(stock):
            for sku, qty in lines:
                if stock.free(sku) < qty:
                    raise OutOfStock(sku)
            return [Event("reserved", sku, qty, order) for sku, qty in lines]
        self._run(stream, decide)

    def release(self, stream, order):
        """Give back everything the order still has reserved; KeyError for an unknown order."""
        self._run(stream, lambda stock: [
            Event("released", sku, qty, order) for sku, qty in stock.reserved[order].items()])

    def ship(self, stream, order, sku, qty):
        """Ship reserved pieces; ValueError when the order has fewer of them reserved."""
        def decide(stock):
            if stock.reserved.get(order, {}).get(sku, 0) < qty:
                raise ValueError(f"{order} has not reserved {qty} of {sku}")
            return [Event("shipped", sku, qty, order)]
        self._run(stream, decide)

    def _read(self, stream):
        snapshot = self._store.latest_snapshot(stream)
        stock = Stock.restore(snapshot) if snapshot else Stock()
        for event in self._store.events_after(stream, stock.version):
            stock.apply(event)
        return stock

    def _run(self, stream, decide):
        for attempt in range(self._retries):
            stock = self.load(stream)
            base = stock.version
            events = decide(stock)
            for event in events:
                stock.apply(event)
            try:
                self._store.append(stream, events, base)
            except ConflictError:
                continue
            if stock.version // self._snapshot_every > base // self._snapshot_every:
                self._store.save_snapshot(stream, stock.snapshot())
            return
        raise ConflictError(stream)
