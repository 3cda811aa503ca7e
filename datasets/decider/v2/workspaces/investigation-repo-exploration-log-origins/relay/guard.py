from relay import log as _log

log = _log.of(__name__)


class GaveUp(Exception):
    pass


def guarded(function):
    def wrapper(message, *args):
        try:
            return function(message, *args)
        except GaveUp as why:
            log("gave_up", id=message["id"], why=why)
    return wrapper


def give_up_all(messages, why):
    for message in messages:
        log("gave_up", id=message["id"], why=why)
    return []
