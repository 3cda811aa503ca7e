def run(store):
    from mill.index import Index

    index = Index(store)
    return [name for name in store.names() if not index.has(name)]
