"""Lines of the tills: "name;cents;kind"."""
import zlib

import kinds
import statistics
from items import Item


def check(line):
    """Two digits that stand behind a line."""
    return "%02d" % (zlib.crc32(line) % 97)


def number(text):
    """The digits of an article number like "A 12-7"."""
    return filter(str.isdigit, text)


def read(lines):
    """(items, the last trouble as text or "none"); lines with trouble are left out."""
    items, trouble = [], "none"
    for line in lines:
        try:
            name, cents, code = line.split(";")
            items.append(Item(name, int(cents), kinds.kind(code).code))
        except ValueError, trouble:
            continue
    return items, str(trouble)


def closing(items):
    """The sum of the items and the name of the last one that counts."""
    last = None
    counted = [last.cents for last in filter(None, items)]
    return sum(counted), last and last.name


def without_small(totals):
    """Take names below the middle out of the dictionary; returns the names that went, in order."""
    limit = statistics.middle(totals.values())
    gone = []
    for name in totals.keys():
        if totals[name] < limit:
            del totals[name]
            gone.append(name)
    gone.sort()
    return gone


def totals(items):
    found = {}
    map(lambda i: found.update({i.name: found.get(i.name, 0) + i.cents}), items)
    return found
