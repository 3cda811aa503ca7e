"""Counters: 'counter/<name>' -> {'n': int}"""


def next_number(store, name):
    """1, 2, 3, ... for each name; no number is given twice."""
    return store.update(f"counter/{name}", lambda value: {"n": (value["n"] if value else 0) + 1})["n"]


def peek(store, name):
    """The last number given, 0 before the first."""
    value = store.get(f"counter/{name}")
    return value["n"] if value else 0
