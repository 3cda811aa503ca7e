"""Accounts; every function commits."""


class Unknown(Exception):
    pass


class Overdrawn(Exception):
    pass


def balance(db, number):
    row = db.execute("SELECT cents FROM account WHERE number = ? AND open = 1", (number,)).fetchone()
    if row is None:
        raise Unknown(number)
    return row[0]


def change(db, number, cents):
    """Add cents (or take them, if negative); returns the new balance."""
    new = balance(db, number) + cents
    if new < 0:
        raise Overdrawn(number)
    db.execute("UPDATE account SET cents = ? WHERE number = ?", (new, number))
    db.commit()
    return new


def shut(db, number):
    db.execute("UPDATE account SET open = 0 WHERE number = ?", (number,))
    db.commit()
