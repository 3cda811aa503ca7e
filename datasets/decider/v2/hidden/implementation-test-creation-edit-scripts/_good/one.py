"""Edit scripts (SPEC.md), another way: shortest paths, breadth first, that prefer to add."""


def diff(old, new):
    done, front = {}, {(0, 0): None}
    while True:
        following = {}
        for place, way in front.items():
            i, j = place
            if place not in done:
                done[place] = way
            while i < len(old) and j < len(new) and old[i] == new[j]:
                way = (("keep", old[i]), way)
                i, j = i + 1, j + 1
            if (i, j) == (len(old), len(new)):
                pairs = []
                while way:
                    pairs.append(way[0])
                    way = way[1]
                return _tidy(pairs[::-1])
            if j < len(new) and (i, j + 1) not in done:
                following.setdefault((i, j + 1), (("add", new[j]), way))
            if i < len(old) and (i + 1, j) not in done:
                following.setdefault((i + 1, j), (("del", old[i]), way))
        front = following


def _tidy(script):
    found, block = [], []
    for pair in script + [("keep", None)]:
        if pair[0] == "keep":
            found += sorted(block, key=lambda p: p[0] == "add") + [pair]
            block = []
        else:
            block.append(pair)
    return found[:-1]


def apply(old, script):
    rest, found = list(reversed(old)), []
    for kind, line in script:
        if kind == "add":
            found.append(line)
        elif kind in ("keep", "del"):
            if not rest or rest.pop() != line:
                raise ValueError("the script does not fit")
            if kind == "keep":
                found.append(line)
        else:
            raise ValueError("what is this?")
    if rest:
        raise ValueError("the script does not fit")
    return found


def invert(script):
    turn = {"add": "del", "del": "add", "keep": "keep"}
    return _tidy([(turn[kind], line) for kind, line in script])


def count(script):
    return sum(p[0] == "del" for p in script), sum(p[0] == "add" for p in script)
