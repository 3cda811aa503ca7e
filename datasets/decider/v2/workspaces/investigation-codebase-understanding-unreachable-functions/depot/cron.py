import importlib

from depot import settings


def run():
    conf = settings.load()
    for name in conf.sections():
        job = conf[name]
        if name.startswith("job:") and job.getboolean("enabled", fallback=True):
            target(job["call"])()
            if "after" in job:
                target(job["after"])()


def target(text):
    module, _, function = text.partition(":")
    return getattr(importlib.import_module(module), function)
