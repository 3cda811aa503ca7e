from relay import intake, log

_log = log.of(__name__)


def scan(messages):
    for message in messages:
        if message.get("part"):
            _log("refused", id=message["id"], why="no end marker")
        else:
            intake.take(message, _log.under("file"))
