import csv

import tidelog

CONVERTERS = {"m": float, "ft": lambda text: float(text) / 3.28084, "to_feet": str}


def rows(path, unit="m"):
    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            yield row["time"], CONVERTERS[unit](row["value"])


def check(path, station, highest_ft):
    for when, value in rows(path):
        if tidelog.to_feet(value) > highest_ft:
            raise ValueError(f"{station.name}: implausible reading at {when}")
        if station.to_feet(value) < 0:
            raise ValueError(f"{station.name}: below datum at {when}")
