"""Database schema and checks of what goes into it."""
import re

CREATE = """CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    name VARCHAR(64) NOT NULL CHECK (length(name) <= 64),
    digest CHAR(64) NOT NULL,
    note VARCHAR(50)
)"""
NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")


def valid(name):
    return bool(NAME.fullmatch(name))


def shortened(name):
    """The name, cut so that it fits, with a tilde at its end if it was cut."""
    return name if len(name) <= 64 else name[:63] + "~"


def row(name):
    """A line of the console: the name in a column of its greatest length, then a bar."""
    return name.ljust(64) + "|"
