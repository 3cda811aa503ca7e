"""rent.py FOLDER: print and write the rent reminders of a house."""
import csv
import json
import os
import sys
from datetime import date

LOG = []


def load(folder):
    with open(os.path.join(folder, "flats.json")) as file:
        flats = json.load(file)
    with open(os.path.join(folder, "payments.csv"), newline="") as file:
        payments = list(csv.DictReader(file))
    return flats, payments


def paid(flat, payments):
    cents = 0
    for payment in payments:
        if payment["flat"] == flat["name"]:
            try:
                cents += round(float(payment["eur"]) * 100)
            except ValueError:
                LOG.append(f"bad payment for {flat['name']}: {payment['eur']}")
                print("warning:", LOG[-1], file=sys.stderr)
    return cents


def due(flat):
    start = date.fromisoformat(flat["since"])
    today = date.today()
    months = (today.year - start.year) * 12 + today.month - start.month + 1
    if today.day < flat.get("day", 1):
        months -= 1
    return max(months, 0) * flat["rent_cents"]


def remind(folder):
    flats, payments = load(folder)
    total = 0
    for flat in sorted(flats, key=lambda flat: flat["name"]):
        open_cents = due(flat) - paid(flat, payments)
        if open_cents > 0:
            level = "final" if open_cents > 2 * flat["rent_cents"] else "friendly"
            text = f"{flat['name']}: {level} reminder, {open_cents / 100:.2f} EUR are open since {date.today():%d.%m.%Y}"
            print(text)
            with open(os.path.join(folder, flat["name"] + ".txt"), "w") as file:
                file.write(text + "\n")
            total += open_cents
    unknown = {p["flat"] for p in payments} - {flat["name"] for flat in flats}
    for name in sorted(unknown):
        LOG.append(f"payment for unknown flat {name}")
        print("warning:", LOG[-1], file=sys.stderr)
    print(f"total {total / 100:.2f} EUR")
    return total


if __name__ == "__main__":
    remind(sys.argv[1])
