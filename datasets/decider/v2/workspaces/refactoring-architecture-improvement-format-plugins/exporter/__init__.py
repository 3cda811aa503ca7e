"""Export rows (lists of str) in several formats."""
import json


def names():
    return ["csv", "json", "lines", "md"]


def extension(name):
    if name == "csv":
        return ".csv"
    elif name == "json":
        return ".json"
    elif name == "lines":
        return ".txt"
    elif name == "md":
        return ".md"
    raise ValueError(f"no format {name}; there are csv, json, lines, md")


def export(rows, name):
    """The text of the rows in this format."""
    if name == "csv":
        return "".join(",".join(_quoted(cell) for cell in row) + "\r\n" for row in rows)
    elif name == "json":
        return json.dumps(rows)
    elif name == "lines":
        return "".join(" ".join(row) + "\n" for row in rows)
    elif name == "md":
        return "".join("| " + " | ".join(row) + " |\n" for row in rows)
    raise ValueError(f"no format {name}; there are csv, json, lines, md")


def for_file(path):
    """The format for a file name, by its ending; None if there is none."""
    for name in names():
        if path.lower().endswith(extension(name)):
            return name
    return None


def _quoted(cell):
    return '"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell
