"""One place to read the environment, so that every name gets the prefix."""
import os

PREFIX = "PAPERFLOW_"


def env(name, default=None, *, prefix=PREFIX):
    return os.environ.get(prefix + name, default)


def flag(name):
    return env(name, "0") not in ("", "0", "no")


def env_int(name, default):
    return int(env(name, str(default)))
