from relay import intake, log

_log = log.of(__name__)
LIMIT = 1000


def fetch(message):
    box = _log.under("mail")
    if message["size"] > LIMIT:
        return refuse(box, message, "too large")
    return intake.take(message, box)


def refuse(box, message, why):
    box("refused", id=message["id"], why=why)
