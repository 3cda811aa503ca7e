from mailroom import drivers


def parse(raw):
    try:
        lines = drivers.decode(raw)
    except ValueError:
        return None
    return first(lines), len(lines)


def render(raw):
    return first(drivers.decode(raw)).upper()


def first(lines):
    return next(line for line in lines if line)
