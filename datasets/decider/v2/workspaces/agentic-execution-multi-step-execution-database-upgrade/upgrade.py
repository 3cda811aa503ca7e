import pathlib
import sqlite3
import sys


def main(path):
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA foreign_keys = ON")
    version = con.execute("PRAGMA user_version").fetchone()[0]
    for file in sorted(pathlib.Path("migrations").glob("*.sql")):
        number = int(file.name.split("_")[0])
        if number <= version:
            continue
        try:
            con.executescript(f"BEGIN;\n{file.read_text()}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.Error as error:
            if con.in_transaction:
                con.execute("ROLLBACK")
            raise SystemExit(f"{file.name}: {error}")
        print("applied", file.name)


main(sys.argv[1])
