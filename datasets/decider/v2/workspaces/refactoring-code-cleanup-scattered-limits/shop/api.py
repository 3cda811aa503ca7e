"""Lists of articles for the browser and for partners."""


def page(items, number):
    """One page of a list; pages count from 1."""
    number = max(number, 1)
    return items[(number - 1) * 50:number * 50]


def pages(items):
    """How many pages a list has; an empty one has one."""
    return max(1, (len(items) + 49) // 50)


def export(items):
    """Lines for partners: a header before each page, dates with 30 characters."""
    lines = []
    for index, item in enumerate(items):
        if index % 50 == 0:
            lines.append(f"# page {index // 50 + 1}")
        lines.append(str(item)[:30])
    return lines


def suggest(names, start):
    """At most 10 names that begin like this."""
    return [name for name in names if name.startswith(start)][:10]
