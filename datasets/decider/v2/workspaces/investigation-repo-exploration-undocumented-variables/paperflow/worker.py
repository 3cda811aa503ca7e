import os

from paperflow import env as settings


def should_stop():
    return settings.flag("DRAIN")


def pages(batch):
    langs = settings.env("LANGS", "en").split(",")
    threads = int(os.environ.get("OMP_NUM_THREADS") or 2)
    scratch = os.getenv("TMPDIR", ".")
    for page in batch:
        yield page, langs, threads, scratch
