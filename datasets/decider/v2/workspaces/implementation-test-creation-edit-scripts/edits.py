"""Edit scripts between two lists of lines (SPEC.md)."""


def diff(old, new):
    """A shortest edit script."""
    rows, columns = len(old), len(new)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]  # longest common part of old[i:] and new[j:]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            if old[i] == new[j]:
                best[i][j] = best[i + 1][j + 1] + 1
            else:
                best[i][j] = max(best[i + 1][j], best[i][j + 1])
    script, added = [], []
    i = j = 0
    while i < rows or j < columns:
        if i < rows and j < columns and old[i] == new[j]:
            script += added + [("keep", old[i])]
            added = []
            i, j = i + 1, j + 1
        elif j == columns or i < rows and best[i + 1][j] >= best[i][j + 1]:
            script.append(("del", old[i]))
            i += 1
        else:
            added.append(("add", new[j]))
            j += 1
    return script + added


def apply(old, script):
    """The new lines; ValueError if the script is not one for these lines."""
    found, at = [], 0
    for kind, line in script:
        if kind not in ("keep", "del", "add"):
            raise ValueError(kind)
        if kind != "add":
            if at >= len(old) or old[at] != line:
                raise ValueError(line)
            at += 1
        if kind != "del":
            found.append(line)
    if at != len(old):
        raise ValueError("lines are left")
    return found


def invert(script):
    """The script that leads back."""
    found, added = [], []
    for kind, line in script:
        if kind == "add":
            found.append(("del", line))
        elif kind == "del":
            added.append(("add", line))
        else:
            found += added + [("keep", line)]
            added = []
    return found + added


def count(script):
    """(deleted, added)"""
    kinds = [kind for kind, _ in script]
    return kinds.count("del"), kinds.count("add")
