"""State of one warehouse, built from its events."""


class Stock:
    def __init__(self):
        self.version = 0
        self.on_hand = {}
        self.reserved = {}  # order -> {sku: qty}

    def apply(self, event):
        getattr(self, "_on_" + event.kind)(event)
        self.version += 1

    def _on_received(self, event):
        self.on_hand[event.sku] = self.on_hand.get(event.sku, 0) + event.qty

    def _on_reserved(self, event):
        lines = self.reserved.setdefault(event.order, {})
        lines[event.sku] = lines.get(event.sku, 0) + event.qty

    def _on_released(self, event):
        lines = self.reserved[event.order]
        lines[event.sku] -= event.qty
        if not lines[event.sku]:
            del lines[event.sku]
        if not lines:
            del self.reserved[event.order]

    def _on_shipped(self, event):
        self._on_released(event)
        self.on_hand[event.sku] -= event.qty

    def free(self, sku):
        """Pieces on hand that no order has reserved."""
        taken = sum(lines.get(sku, 0) for lines in self.reserved.values())
        return self.on_hand.get(sku, 0) - taken

    def snapshot(self):
        """The state as plain data; later events do not change it."""
        return {"version": self.version, "on_hand": dict(self.on_hand), "reserved": dict(self.reserved)}

    @classmethod
    def restore(cls, snapshot):
        """The state a snapshot was taken from; the snapshot itself is left as it is."""
        stock = cls()
        stock.version = snapshot["version"]
        stock.on_hand = dict(snapshot["on_hand"])
        stock.reserved = dict(snapshot["reserved"])
        return stock
