import sys

from depot import commands, settings
from depot.registry import COMMANDS


def main(argv=None):
    for name in settings.words(settings.load()["commands"]["disabled"]):
        COMMANDS.pop(name, None)
    name, *rest = (sys.argv[1:] if argv is None else argv) or ["help"]
    return COMMANDS.get(name, usage)(*rest)


def usage(*_):
    print("\n".join(sorted(COMMANDS)))
    return 2


def confirm(question):
    return input(question + " [y/N] ").lower() == "y"
