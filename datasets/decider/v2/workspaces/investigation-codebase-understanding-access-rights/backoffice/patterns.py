def best(patterns, name):
    """How exactly the best of the patterns fits: 0 is not at all."""
    return max((score(p, name) for p in patterns), default=0)


def score(pattern, name):
    want, have = pattern.split("."), name.split(".")
    if len(want) == 1 and want[0] == "*":
        return 1
    if len(want) != len(have):
        return 0
    if any(w not in ("*", h) for w, h in zip(want, have)):
        return 0
    return 2 + sum(w == h for w, h in zip(want, have))
