from mailroom import drivers, locks
from mailroom.errors import Busy, NotThere, Transient
from mailroom.guard import DISK, translate
from mailroom.retry import retrying


def folder(letter):
    with translate(DISK):
        return len(drivers.read_index())


@retrying(3, on=(Transient, OSError))
def save(letter):
    place = folder(letter)
    try:
        drivers.write_blob(place, letter)
    except IsADirectoryError:
        raise NotThere(letter)


def old(days):
    try:
        for name in drivers.read_index():
            yield name
    finally:
        locks.release()


def remove(name):
    try:
        drivers.unlink(name)
    except FileNotFoundError:
        return
    except PermissionError:
        raise Busy(name)
