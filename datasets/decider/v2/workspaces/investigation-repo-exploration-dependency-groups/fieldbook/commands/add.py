from fieldbook import Note, store


def run(args, settings):
    note = Note("seen").stamp()
    if args.shape:
        from fieldbook.geo import parse

        note.shape = parse(args.shape)
    return store.append(note)
