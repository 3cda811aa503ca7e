"""Export measurement rows as CSV, Markdown or HTML.

A row is a dict with 'site', 'day' (YYYY-MM-DD), 'value' (float or None) and 'valid' (bool).
"""


def export_csv(rows, since=""):
    chosen = []
    for row in rows:
        if row["valid"] and row["day"] >= since:
            chosen.append(row)
    chosen.sort(key=lambda row: (row["site"], row["day"]))
    total = 0.0
    count = 0
    for row in chosen:
        if row["value"] is not None:
            total += row["value"]
            count += 1
    mean = total / count if count else None
    out = ["site,day,value"]
    for row in chosen:
        if row["value"] is None:
            value = ""
        else:
            value = "%.3f" % row["value"]
        site = row["site"]
        if "," in site or '"' in site:
            site = '"' + site.replace('"', '""') + '"'
        out.append(site + "," + row["day"] + "," + value)
    if mean is None:
        out.append("mean,,")
    else:
        out.append("mean,," + "%.3f" % mean)
    return "\n".join(out) + "\n"


def export_markdown(rows, since=""):
    chosen = []
    for row in rows:
        if row["valid"] and row["day"] >= since:
            chosen.append(row)
    chosen.sort(key=lambda row: (row["site"], row["day"]))
    total = 0.0
    count = 0
    for row in chosen:
        if row["value"] is not None:
            total += row["value"]
            count += 1
    mean = total / count if count else None
    out = ["| site | day | value |", "|---|---|---|"]
    for row in chosen:
        if row["value"] is None:
            value = "-"
        else:
            value = "%.1f" % row["value"]
        site = row["site"]
        site = site.replace("|", "\\|")
        out.append("| " + site + " | " + row["day"] + " | " + value + " |")
    if mean is None:
        out.append("| mean |  | - |")
    else:
        out.append("| mean |  | " + "%.1f" % mean + " |")
    return "\n".join(out) + "\n"


def export_html(rows, since=""):
    chosen = []
    for row in rows:
        if row["valid"] and row["day"] > since:
            chosen.append(row)
    chosen.sort(key=lambda row: row["day"], reverse=True)
    total = 0.0
    count = 0
    for row in chosen:
        if row["value"] is not None:
            total += row["value"]
            count += 1
    mean = total / count if count else None
    out = ["<table>"]
    for row in chosen:
        if row["value"] is None:
            value = "n/a"
        else:
            value = "%.1f" % row["value"]
        site = row["site"]
        site = site.replace("&", "&amp;").replace("<", "&lt;")
        out.append("<tr><td>" + site + "</td><td>" + row["day"] + "</td><td>" + value + "</td></tr>")
    if mean is not None:
        out.append("<tr><td>mean</td><td></td><td>" + "%.1f" % mean + "</td></tr>")
    out.append("</table>")
    return "\n".join(out) + "\n"
