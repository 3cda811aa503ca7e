import os

from kvs import fileops


class Wal:
    def __init__(self, folder):
        self.path = os.path.join(folder, "wal")

    def add(self, key, value):
        fileops.append(self.path, f"{key}\t{value}\n")

    def entries(self):
        if not os.path.exists(self.path):
            return {}
        with open(self.path) as f:
            return dict(line.rstrip("\n").split("\t") for line in f)

    def clear(self):
        fileops.remove(self.path)
