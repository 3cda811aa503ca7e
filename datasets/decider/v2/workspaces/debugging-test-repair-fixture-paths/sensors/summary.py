"""Daily summaries of sensor readings."""
import csv
import json


def summarise(source, target):
    """Write {day: [count, lowest, highest]} for the CSV file `source` to the JSON file `target`.

    Lines without a value are left out. Returns the number of days.
    """
    days = {}
    with open(source, newline="") as file:
        for row in csv.DictReader(file):
            if row["value"].strip():
                days.setdefault(row["day"], []).append(float(row["value"]))
    result = {day: [len(values), min(values), max(values)] for day, values in days.items()}
    with open(target, "w") as file:
        json.dump(result, file)
    return len(result)


def append(source, day, value):
    """Add one reading to the end of the CSV file."""
    with open(source, "a", newline="") as file:
        csv.writer(file).writerow([day, value])
