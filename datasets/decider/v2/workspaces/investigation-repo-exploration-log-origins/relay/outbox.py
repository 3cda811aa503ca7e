from relay import log, retry

_log = log.of(__name__)
WAITING = []


def failed(message, seconds):
    _log("failed", id=message["id"], why=f"timeout after {seconds} s")
    retry.SLOW.push(message)


def later(message):
    WAITING.append(message)
    _log("back", id=message["id"], n=len(WAITING))


def hang_up(peer):
    _log.under("slow")("closed", peer=f"{peer} ({len(WAITING)} waiting)")
    return [m for m in WAITING if m["to"] != peer]


def shut(peers):
    from relay.peers import close

    for peer in peers:
        close(peer)
