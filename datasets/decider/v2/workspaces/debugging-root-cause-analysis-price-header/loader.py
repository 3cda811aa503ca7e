"""Read the supplier's price list."""
import csv


def normalise(header):
    return header.lower().replace(" ", "_").strip()


def load_prices(path):
    """{article: {column: text}} with column names in lower case and underscores.

    The supplier's headers come with stray blanks and any capitals; that is agreed.
    """
    with open(path, newline="", encoding="utf-8-sig") as handle:
        rows = csv.reader(handle, delimiter=";")
        names = [normalise(name) for name in next(rows)]
        return {row[0].strip(): dict(zip(names, (cell.strip() for cell in row))) for row in rows if row}
