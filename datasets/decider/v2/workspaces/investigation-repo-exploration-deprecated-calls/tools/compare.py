"""Compares two exports: compare.py OLD NEW"""
import sys

from tidelog.importer import rows


def main(old, new):
    from tidelog import to_feet

    worst = max(abs(a - b) for (_, a), (_, b) in zip(rows(old), rows(new)))
    print("largest difference:", to_feet(worst), "ft")


if __name__ == "__main__":
    main(*sys.argv[1:])
