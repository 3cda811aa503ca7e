"""Applies messages to ledger.db:  python3 worker.py FILE   (one JSON message a line)

A message that cannot be applied stops the run with exit code 1; those before it stay applied.
"""
import json
import sqlite3
import sys


class Refused(Exception):
    pass


def step(con, account, seq, cents):
    row = con.execute("SELECT seq, cents, currency FROM accounts WHERE name = ?", (account,)).fetchone()
    if row is None:
        raise Refused("no account " + account)
    if seq != row[0] + 1:
        raise Refused(f"{account}: sequence {seq} after {row[0]}")
    if row[1] + cents < 0:
        raise Refused(f"{account}: balance would be {row[1] + cents}")
    con.execute("UPDATE accounts SET seq = ?, cents = ? WHERE name = ?", (seq, row[1] + cents, account))
    return row[2]


def apply(con, m):
    if con.execute("SELECT 1 FROM applied WHERE id = ?", (m["id"],)).fetchone():
        raise Refused("applied before")
    if m["type"] == "noop":
        step(con, m["account"], m["seq"], 0)
    elif m["type"] in ("deposit", "withdraw"):
        if not isinstance(m["cents"], int) or m["cents"] <= 0:
            raise Refused("cents")
        if step(con, m["account"], m["seq"], m["cents"] if m["type"] == "deposit" else -m["cents"]) != m["currency"]:
            raise Refused("currency")
    elif m["type"] == "transfer":
        if not isinstance(m["cents"], int) or m["cents"] <= 0:
            raise Refused("cents")
        one = step(con, m["account"], m["seq"], -m["cents"])
        if step(con, m["to"], m["to_seq"], m["cents"]) != one or one != m["currency"]:
            raise Refused("currency")
    else:
        raise Refused("type " + m["type"])
    con.execute("INSERT INTO applied VALUES(?, ?)", (m["id"], 1 + con.execute("SELECT COUNT(*) FROM applied").fetchone()[0]))


def main(path):
    con = sqlite3.connect("ledger.db")
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            m = json.loads(line)
            try:
                apply(con, m)
            except (Refused, KeyError) as error:
                con.rollback()
                sys.exit(f"line {n}, message {m.get('id')}: {error}")
            con.commit()


if __name__ == "__main__":
    main(sys.argv[1])
