import traceback

from desk import mask, sinks


def info(text, *args):
    sinks.add("app.log", mask.redact(text % args))


def exception(text, *args):
    info(text, *args)
    sinks.add("app.log", traceback.format_exc(limit=0))
