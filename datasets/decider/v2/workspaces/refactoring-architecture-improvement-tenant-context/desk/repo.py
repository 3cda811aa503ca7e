"""Articles; each tenant has its own, numbered from 1."""
from functools import lru_cache

from desk import audit, context
from desk.money import Money

_rows = {}
_numbers = {}


class Full(Exception):
    pass


def add(name, cents):
    mine = _rows.setdefault(context.tenant(), {})
    if len(mine) >= context.setting("limit"):
        raise Full(f"{context.tenant()} has {len(mine)} articles")
    number = _numbers[context.tenant()] = _numbers.get(context.tenant(), 0) + 1
    mine[number] = (name, Money(cents))
    audit.note(f"added {number}")
    return number


@lru_cache(maxsize=None)
def describe(number):
    name, money = _rows.get(context.tenant(), {})[number]
    return f"{name} ({money})"


def remove(number):
    found = _rows.get(context.tenant(), {}).pop(number, None) is not None
    describe.cache_clear()
    audit.note(f"removed {number}" if found else f"missed {number}")
    return found


def all_rows():
    """(number, name, money), one after the other; articles added meanwhile come at the end."""
    done = 0
    while True:
        rest = [n for n in sorted(_rows.get(context.tenant(), {})) if n > done]
        if not rest:
            return
        done = rest[0]
        yield (done, *_rows[context.tenant()][done])
