from depot import cli, feeds, pipeline, reports, stock
from depot.registry import alias, command


@command("add")
def add(sku, number):
    stock.move(sku, int(number))


@command("import")
def import_(path):
    pipeline.run(path)


@command("report")
def report(kind="text"):
    reports.show(kind)


@command("hold")
def hold(sku, number):
    stock.reserve(sku, int(number))


@command("purge")
def purge(sku):
    if cli.confirm("Really?"):
        stock.drop(sku)


def export(path):
    feeds.write(path, reports.rows())


alias("put-aside", "hold")
