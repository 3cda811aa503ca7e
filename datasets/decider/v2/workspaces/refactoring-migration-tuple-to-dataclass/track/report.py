"""What the screens and the other offices get."""
import csv
import io
import json


def flat(groups):
    """Stops and lists of stops, any depth, as one list."""
    found = []
    for item in groups:
        found += flat(item) if isinstance(item, list) else [item]
    return found


def screen(groups):
    """One line of text a stop."""
    return ["%-3s %02d %s" % stop[:3] + (" +%d" % stop.delay if stop.delay else "") for stop in flat(groups)]


def to_json(stops):
    """A JSON list of [line, minute, place, delay]."""
    return json.dumps(stops)


def to_csv(stops):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(stops[0]._fields if stops else ())
    writer.writerows(stops)
    return out.getvalue()
