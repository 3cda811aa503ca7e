from kvs import compact, manifest, recover, segments
from kvs.wal import Wal


class Store:
    def __init__(self, folder):
        self.folder = folder
        self.wal = Wal(folder)
        recover.run(self)

    def get(self, key):
        for name in reversed(manifest.load(self.folder)["segments"]):
            rows = segments.read(self.folder, name)
            if key in rows:
                return rows[key]
        raise KeyError(key)

    def put(self, key, value):
        self.wal.add(key, value)
        self.flush(self.wal.entries())
        compact.maybe(self)

    def flush(self, rows):
        state = manifest.load(self.folder)
        name = segments.write(self.folder, state["next"], rows)
        state["segments"].append(name)
        state["next"] += 1
        self.wal.clear()
        manifest.save(self.folder, state)
