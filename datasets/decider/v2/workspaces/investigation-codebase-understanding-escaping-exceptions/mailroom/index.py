import sqlite3

from mailroom import drivers, log
from mailroom.errors import NotThere
from mailroom.guard import DISK, translate


def entries():
    return drivers.read_index()


def lookup(word):
    try:
        return drivers.query(word)
    except sqlite3.Error as error:
        log.problem(str(error))
        raise NotThere(word)


def slow(words):
    with translate(DISK):
        return [name for name in drivers.read_index() if name in words]
