import pathlib
import sqlite3

SQL = pathlib.Path(__file__).parent.parent / "sql"


def connect():
    con = sqlite3.connect(":memory:")
    for name in ("schema.sql", "views.sql", "triggers.sql"):
        con.executescript((SQL / name).read_text())
    return con
