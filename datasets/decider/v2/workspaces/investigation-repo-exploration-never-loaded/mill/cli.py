import importlib
import sys

from mill import settings

ALIASES = {"nightly": "sweep", "weekly": "reindex"}


def main(argv=None):
    command, name, *options = sys.argv[1:] if argv is None else argv
    if command != "run":
        raise SystemExit(f"unknown command {command}")
    for plugin in settings.words("PLUGIN"):
        importlib.import_module("mill." + plugin).install()
    kind = settings.get("STORE", "memory")
    store = importlib.import_module("mill.store_" + kind).Store()
    job = importlib.import_module("mill.job_" + ALIASES.get(name, name))
    return job.main(store, options)
