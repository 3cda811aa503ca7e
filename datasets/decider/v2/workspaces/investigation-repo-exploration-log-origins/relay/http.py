from relay import intake, log

_log = log.of(__name__)


def post(message):
    if "sender" not in message:
        _log("refused", id=message["id"], why="no sender")
        return 400
    return intake.take(message, _log)


def put(message):
    """Old clients."""
    return intake.take(message, _log.under("put"))
