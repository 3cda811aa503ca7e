import contextlib

from mailroom.errors import Busy, NotThere, Transient

NET = {TimeoutError: Busy, ConnectionError: Transient}
DISK = {FileNotFoundError: NotThere, OSError: Transient}


@contextlib.contextmanager
def translate(table):
    try:
        yield
    except tuple(table) as error:
        raise table[type(error)](str(error)) from error


class Quiet:
    def __init__(self, *kinds):
        self.kinds = kinds

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is not None and issubclass(kind, self.kinds)
