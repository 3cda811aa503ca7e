class Index:
    def __init__(self, store):
        self.store = store

    def rebuild(self):
        return sorted(self.store.names())

    def has(self, name):
        return name in self.store.names()
