"""A trader's session."""


class Session:
    def __init__(self, user, bus, journal):
        self.user, self.bus, self.journal = user, bus, journal
        self.watched = []
        self.open = True
        bus.subscribe("close", self.on_close)

    def watch(self, symbol):
        if symbol not in self.watched:
            self.watched.append(symbol)
            self.bus.subscribe("price." + symbol, self.on_price)

    def unwatch(self, symbol):
        self.watched.remove(symbol)
        self.bus.unsubscribe("price." + symbol, self.on_price)

    def rename(self, old, new):
        """A symbol got a new name at the exchange."""
        self.watched[self.watched.index(old)] = new
        self.bus.subscribe("price." + new, self.on_price)

    def on_price(self, value):
        self.journal.note(self, value)

    def on_close(self, _):
        for symbol in list(self.watched):
            self.unwatch(symbol)
        self.end()

    def end(self):
        for symbol in list(self.watched):
            self.unwatch(symbol)
        self.bus.unsubscribe("close", self.on_close)
        self.open = False
