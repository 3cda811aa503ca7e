"""Write the nightly files."""
import pathlib

import exporters


def write_all(rows, folder):
    rows = list(rows)
    for name, export in (("day.csv", exporters.export_csv), ("day.md", exporters.export_markdown), ("day.html", exporters.export_html)):
        pathlib.Path(folder, name).write_text(export(rows), encoding="utf-8")
