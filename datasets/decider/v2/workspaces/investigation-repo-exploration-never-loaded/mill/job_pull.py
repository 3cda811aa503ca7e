from importlib.metadata import entry_points

from mill import settings


def main(store, options):
    wanted = settings.words("FORMATS")
    readers = {e.name: e.load() for e in entry_points(group="mill.formats") if e.name in wanted}
    for name, body in store.incoming():
        reader = readers.get(name.rpartition(".")[2])
        if reader:
            store.save(name, reader().read(body))
