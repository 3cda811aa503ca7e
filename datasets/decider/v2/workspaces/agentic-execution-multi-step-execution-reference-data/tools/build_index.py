"""Writes data/index.json: for every code the files it is in."""
import csv
import glob
import json
import os
import sys

index = {}
for path in sorted(glob.glob("data/*.csv")):
    with open(path, newline="", encoding="utf-8") as f:
        for n, row in enumerate(csv.DictReader(f), 2):
            code = (row.get("code") or "").strip()
            if not code or None in row or None in row.values():
                sys.exit(f"{path}: bad row in line {n}: {row}")
            if os.path.basename(path) in index.get(code, []):
                sys.exit(f"{path}: code {code} for the second time in line {n}")
            index.setdefault(code, []).append(os.path.basename(path))
with open("data/index.json", "w") as f:
    json.dump(index, f, indent=1, sort_keys=True)
    f.write("\n")
