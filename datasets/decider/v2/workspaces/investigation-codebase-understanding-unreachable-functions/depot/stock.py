import contextlib
import sqlite3


@contextlib.contextmanager
def opened():
    con = sqlite3.connect("data/depot.db")
    try:
        yield con
        con.commit()
    finally:
        con.close()


def move(sku, number):
    with opened() as con:
        con.create_function("clamp", 2, clamp)
        con.execute("UPDATE stock SET number = clamp(number, ?) WHERE sku = ?", (number, sku))


def clamp(old, change):
    return max(0, old + change)


def totals():
    with opened() as con:
        return dict(con.execute("SELECT sku, number FROM stock"))


def reserve(sku, number):
    move(sku, -number)
    move(held(sku), number)


def held(sku):
    return sku + ":held"


def recount(source=totals):
    return sum(source().values())


def drop(sku):
    with opened() as con:
        con.execute("DELETE FROM stock WHERE sku = ?", (sku,))
