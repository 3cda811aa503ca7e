"""print_labels.py FILE: print the labels of a day, each different reading once."""
import sys

from scale.label import label
from scale.reading import Reading


def main(path):
    with open(path, encoding="utf-8") as handle:
        readings = [Reading.parse(line) for line in handle if line.strip()]
    labels = [label(reading) for reading in readings]
    for text in dict.fromkeys(labels):
        print(text)


if __name__ == "__main__":
    main(sys.argv[1])
