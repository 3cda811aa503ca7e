"""Stands in for the database; the real one can fail with an OSError that only names the table."""
ROWS = []


def find(key, value):
    return next((c for c in ROWS if getattr(c, key) == value), None)


def get(number):
    return next((c for c in ROWS if str(c.number) == number), None)


def everybody():
    return list(ROWS)


def add(customer):
    ROWS.append(customer)
    return len(ROWS)
