def __getattr__(name):
    if name == "notify":
        return _send
    raise AttributeError(name)


def _send(text="done"):
    print(_head(), text)


def _head():
    return "Subject: depot"


def digest():
    print(_head(), _lines())


def _lines():
    return []
