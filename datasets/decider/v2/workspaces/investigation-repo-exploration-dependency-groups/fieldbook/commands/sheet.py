from fieldbook import store


def run(args, settings):
    book = store.workbook()
    return store.sealed(book) if args.seal else book
