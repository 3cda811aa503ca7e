INHERIT = object()


class Router:
    def __init__(self, prefix="", guard=INHERIT):
        self.prefix, self.guard = prefix, guard
        self._routes, self._children = [], []

    def route(self, method, path, guard=INHERIT):
        def add(handler):
            self._routes.append((method, path, guard, handler))
            return handler
        return add

    def include(self, child, prefix="", guard=INHERIT):
        self._children.append((child, prefix, guard))

    def resolve(self, base="", inherited=None, table=None):
        """method and path -> (guard, handler); the first registration of a route wins."""
        table = {} if table is None else table
        own = inherited if self.guard is INHERIT else self.guard
        base += self.prefix
        for child, prefix, guard in self._children:
            child.resolve(base + prefix, own if guard is INHERIT else guard, table)
        for method, path, guard, handler in self._routes:
            table.setdefault((method, base + path), (own if guard is INHERIT else guard, handler))
        return table
