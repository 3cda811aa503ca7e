import importlib
import pkgutil

import mill
from mill import settings


def checks():
    wanted = settings.words("CHECKS")
    for info in pkgutil.iter_modules(mill.__path__):
        kind, _, name = info.name.partition("_")
        if kind == "check" and name in wanted:
            yield importlib.import_module("mill." + info.name)


def main(store, options):
    return [check.run(store) for check in checks()]
