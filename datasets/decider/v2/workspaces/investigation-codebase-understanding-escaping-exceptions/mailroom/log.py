from mailroom import drivers
from mailroom.retry import retrying


def problem(text):
    try:
        drivers.append("! " + text)
    except FileNotFoundError:
        pass


@retrying(2, on=PermissionError)
def note(text):
    drivers.append(text)
