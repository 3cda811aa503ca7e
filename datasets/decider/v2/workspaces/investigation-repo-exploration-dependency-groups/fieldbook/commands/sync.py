import vxhttp

from fieldbook import Note, area, store


def run(args, settings):
    pack = store.sealed if args.seal else store.plain
    total = sum(area(note) for note in store.NOTES if note.shape)
    return vxhttp.post(settings.get("server"), pack([store.NOTES, total]))
