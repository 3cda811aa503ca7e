"""usage: run.py DATABASE DAY MINUTES"""
import pathlib
import sqlite3
import sys


def free(connection, day, minutes):
    query = pathlib.Path(__file__).with_name("free.sql").read_text(encoding="utf-8")
    return connection.execute(query, {"day": day, "minutes": minutes}).fetchall()


if __name__ == "__main__":
    for row in free(sqlite3.connect(sys.argv[1]), sys.argv[2], int(sys.argv[3])):
        print(*row, sep="\t")
