"""Reads texts, one a line, and prints those that are file references."""
import pathlib
import re
import sys

PATTERN = re.compile(pathlib.Path(__file__).with_name("pattern.txt").read_text(encoding="utf-8").strip())


def is_reference(text):
    return PATTERN.search(text) is not None


if __name__ == "__main__":
    for line in sys.stdin:
        if is_reference(line.rstrip("\n")):
            print(line, end="")
