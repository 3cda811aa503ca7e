from depot import filters, settings, stock


def run(path):
    with open(path) as f:
        rows = [line.split(";") for line in f]
    for name in steps():
        rows = getattr(filters, "step_" + name)(rows)
    for sku, number, *_ in rows:
        stock.move(sku, int(number))


def steps():
    return settings.words(settings.load()["import"]["steps"])
