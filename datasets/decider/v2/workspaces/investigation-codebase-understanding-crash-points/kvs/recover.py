import os

from kvs import fileops, manifest, segments


def run(store):
    folder = store.folder
    state = manifest.load(folder)
    for name in segments.parts(folder):
        fileops.remove(os.path.join(folder, name))
    there = segments.listed(folder)
    known = [n for n in state["segments"] if n in there]
    extra = [n for n in there if n not in state["segments"]]
    if len(known) < len(state["segments"]):
        newest = max(there)
        for name in there:
            if name != newest:
                fileops.remove(os.path.join(folder, name))
        manifest.save(folder, {"next": int(newest[:4]) + 1, "segments": [newest]})
    elif extra:
        for name in extra:
            fileops.remove(os.path.join(folder, name))
    if store.wal.entries():
        store.flush(store.wal.entries())
