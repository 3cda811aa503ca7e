def rows():
    return sorted(totals().items())


def totals():
    with open("data/stock.tsv") as f:
        return dict(line.rstrip().split("\t") for line in f)


def as_text():
    return "\n".join(f"{sku:12}{number:>6}" for sku, number in rows())


def as_csv():
    return "\n".join(";".join(map(str, row)) for row in rows())


def as_html():
    return "<pre>" + escape(as_text()) + "</pre>"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def show(kind):
    print({"text": as_text, "csv": as_csv, "html": as_html}[kind]())


def weekly():
    print(summary(rows()))


def summary(found):
    return f"{len(found)} articles"


from depot.stock import totals  # noqa: E402  the file above is not written any more
