"""python3 -m exporter FORMAT: export the words of standard input, one row a line."""
import sys

import exporter

print(exporter.export([line.split() for line in sys.stdin], sys.argv[1]), end="")
