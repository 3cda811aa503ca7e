"""What changed from one plan to the next."""
from itertools import groupby


def delayed(stops, line, minutes):
    """The plan with all stops of that line so much later than they are now."""
    return [s._replace(delay=s.delay + minutes) if s.line == line else s for s in stops]


def moved(old, new):
    """Stops of `new` whose line and place are in `old` too, but with another minute or delay, in order."""
    before = {(line, place): (minute, delay) for line, minute, place, delay in old}
    return [s for s in new if before.get((s.line, s.place), s[1::2]) != s[1::2]]


def dropped(old, new):
    return sorted(set(old) - set(new))


def by_line(stops):
    """{line: [dictionary of the other fields, ...]}; `stops` is sorted."""
    found = {}
    for line, group in groupby(stops, key=lambda s: s[0]):
        found[line] = [{k: v for k, v in s._asdict().items() if k != "line"} for s in group]
    return found
