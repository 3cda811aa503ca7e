"""Tickets in SQLite."""
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS ticket (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open',
    opened INTEGER NOT NULL, owner TEXT);
CREATE TABLE IF NOT EXISTS tag (ticket INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (ticket, name));
"""


def connect(path):
    db = sqlite3.connect(path)
    db.executescript(SCHEMA)
    return db


def open_ticket(db, title, now, owner=None, tags=()):
    """Add an open ticket, committed; returns its id. `now` is in seconds since 1970. A tag given twice counts once."""
    with db:
        number = db.execute("INSERT INTO ticket (title, opened, owner) VALUES (?, ?, ?)", (title, int(now), owner)).lastrowid
        db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", [(number, tag) for tag in tags])
    return number


def close_ticket(db, number):
    """Close an open ticket, committed; False if there is no such open ticket."""
    with db:
        return db.execute("UPDATE ticket SET state = 'closed' WHERE id = ? AND state = 'open'", (number,)).rowcount == 1


def with_tag(db, name):
    """(id, title) of all open tickets with this tag, in no particular order."""
    return db.execute("SELECT id, title FROM ticket JOIN tag ON ticket = id WHERE name = ? AND state = 'open'", (name,)).fetchall()


def oldest(db, limit):
    """Titles of the open tickets, the ones opened first at the front; those of one second in no particular order."""
    return [title for title, in db.execute("SELECT title FROM ticket WHERE state = 'open' ORDER BY opened LIMIT ?", (limit,))]


def load(db):
    """{owner: number of open tickets}; the key None stands for tickets without an owner."""
    return dict(db.execute("SELECT owner, count(*) FROM ticket WHERE state = 'open' GROUP BY owner"))


def merge(db, source, target):
    """Move all tags of `source` to `target` and close `source`, in one transaction.

    KeyError, and nothing is changed, if one of them is not an open ticket, or if they are the same.
    """
    with db:
        found = db.execute("SELECT count(*) FROM ticket WHERE id IN (?, ?) AND state = 'open'", (source, target)).fetchone()[0]
        db.execute("UPDATE OR IGNORE tag SET ticket = ? WHERE ticket = ?", (target, source))
        db.execute("DELETE FROM tag WHERE ticket = ?", (source,))
        db.execute("UPDATE ticket SET state = 'closed' WHERE id = ?", (source,))
        if found != 2:
            raise KeyError((source, target))
