from relay import log
from relay.guard import GaveUp, guarded

_log = log.of(__name__)
ROUTES = {"a": "north", "b": "south"}


@guarded
def route(message):
    if message["to"] not in ROUTES:
        raise GaveUp("no route")
    return ROUTES[message["to"]]


def close(peer, say=_log):
    say("closed", peer=peer)


def close_slow(peer):
    close(peer, _log.under("slow"))
