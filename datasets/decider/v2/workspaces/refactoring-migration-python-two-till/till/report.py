"""What is printed; `out` is a file open for writing text."""
import statistics


def above(items, limit=None):
    return [i for i in items if i.cents > limit]


def ranking(items):
    """The dearest first, then by name without case; items of the same name stay in their order."""
    items = items[:]
    items.sort(lambda a, b: cmp(b.cents, a.cents) or cmp(a.name.lower(), b.name.lower()))
    return items


def pairs(old, new):
    """What stood in a place before and what stands there now."""
    return [(a, b) for a, b in map(None, old, new) if a <> b]


def codes(found):
    """Codes of several tills (numbers, text, None) in order, each once."""
    keys = dict.fromkeys(found).keys()
    keys.sort()
    return keys


def weight(parts):
    return "%s kg (%s)" % (sum(parts), parts)


def table(items, out):
    for item in sorted(items):
        print >>out, item.name.ljust(6), item.cents,
        if item.group is None:
            print >>out, "-",
        print >>out
    cents = [i.cents for i in items]
    print >>out, ("mean", statistics.mean(cents), statistics.spread(cents))
    print >>out, "dearest", max(cents) * 1.0 / sum(cents), "of all"
