"""migrate.py DATABASE: apply the migrations that the database has not seen yet."""
import pathlib
import sqlite3
import sys


def migrate(database, folder="migrations"):
    """Apply the files in the order of their names; all of a file or nothing. Returns the names applied."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    applied = []
    for path in sorted(pathlib.Path(folder).glob("*.sql"))[done:]:
        done += 1
        try:
            connection.executescript(f"BEGIN;\n{path.read_text()}\n;PRAGMA user_version = {done};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        applied.append(path.name)
    connection.close()
    return applied


if __name__ == "__main__":
    print(*migrate(sys.argv[1]), sep="\n")
