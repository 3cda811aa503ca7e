import argparse
import importlib

from fieldbook import config

COMMANDS = {"add": "add", "chart": "chart", "export": "sheet", "sync": "sync"}


def main(argv=None):
    parser = argparse.ArgumentParser("fieldbook")
    parser.add_argument("--settings", default="{}")
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("--shape")
    parser.add_argument("--seal", action="store_true")
    parser.add_argument("--thumbnail", action="store_true")
    args = parser.parse_args(argv)
    settings = config.load(args.settings)
    command = importlib.import_module("fieldbook.commands." + COMMANDS[args.command])
    return command.run(args, settings)
