import pathlib
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
for row in connection.execute(pathlib.Path("report.sql").read_text()):
    print(*row, sep="\t")
