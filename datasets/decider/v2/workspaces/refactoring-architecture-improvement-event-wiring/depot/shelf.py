"""Labels on the shelves."""

LABELS = {}
PRINTED = []


def label(sku, level):
    text = f"{sku}: {level}" if level else f"{sku}: sold out"
    if LABELS.get(sku) != text:
        LABELS[sku] = text
        PRINTED.append(text)
