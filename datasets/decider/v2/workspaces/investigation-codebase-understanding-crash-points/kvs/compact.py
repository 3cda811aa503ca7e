import os

from kvs import fileops, manifest, segments

LIMIT = 2


def maybe(store):
    state = manifest.load(store.folder)
    old = state["segments"]
    if len(old) <= LIMIT:
        return
    rows = {}
    for name in old:
        rows.update(segments.read(store.folder, name))
    name = segments.write(store.folder, state["next"], rows)
    for gone in old[:-1]:
        fileops.remove(os.path.join(store.folder, gone))
    manifest.save(store.folder, {"next": state["next"] + 1, "segments": [name]})
    fileops.remove(os.path.join(store.folder, old[-1]))
