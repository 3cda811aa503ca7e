"""Reading and searching a plan."""
import bisect

from track.stop import Stop

CLOSED = {("S1", 30, "Mill", 0), ("S2", 5, "Harbour", 0)}


def load(lines):
    """The stops of "line;minute;place" or "line;minute;place;delay" lines, in order, without those of CLOSED."""
    stops = []
    for line in lines:
        parts = line.strip().split(";")
        parts[1] = int(parts[1])
        parts[3:] = map(int, parts[3:])
        stop = Stop._make(parts) if len(parts) == 4 else Stop(*parts)
        if stop not in CLOSED:
            stops.append(stop)
    return sorted(stops)


def next_stop(stops, line, minute):
    """The first stop of that line at that minute or later; `stops` is sorted. None if there is none."""
    place = bisect.bisect_left(stops, (line, minute))
    if place < len(stops) and stops[place][0] == line:
        return stops[place]
    return None
