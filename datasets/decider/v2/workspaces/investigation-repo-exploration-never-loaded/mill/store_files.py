import pathlib


class Store:
    def __init__(self, folder="spool"):
        self.folder = pathlib.Path(folder)
        self.kept = {}

    def incoming(self):
        return [(p.name, p.read_text()) for p in self.folder.glob("*.*")]

    def names(self):
        return list(self.kept)

    def save(self, name, rows):
        self.kept[name] = rows
