"""Prints a day; run it to see whether the package still works."""
import sys

from till import journal, report

items, trouble = journal.read(["tea;250;c", "cake;310;k", "cup;x;c"])
report.table(items, sys.stdout)
print(trouble)
