"""Which tasks, in which order."""


class GraphError(Exception):
    """An unknown task or a circle."""


def order(tasks, wanted):
    """The wanted tasks and all they need, each behind what it needs; deterministic."""
    found, open_ = [], []

    def visit(name):
        if name in found:
            return
        if name not in tasks or name in open_:
            raise GraphError(name)
        open_.append(name)
        for need in tasks[name].get("needs", []):
            visit(need)
        open_.pop()
        found.append(name)

    for name in wanted:
        visit(name)
    return found
