"""Settings of the application: the file over the defaults."""
from confload.loader import load

DEFAULTS = {"port": 8000, "debug": False}


def settings(path):
    return {**DEFAULTS, **load(path)}
