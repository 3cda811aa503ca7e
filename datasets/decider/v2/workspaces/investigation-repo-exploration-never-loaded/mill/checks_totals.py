from mill.fmt_legacy import number


def run(store):
    return sum(number(name) for name in store.names())
