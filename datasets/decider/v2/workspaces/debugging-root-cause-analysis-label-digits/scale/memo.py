"""Remember results by arguments."""
from functools import wraps


def memo(function):
    known = {}

    @wraps(function)
    def wrapper(*args, **kwargs):
        key = (args, tuple(sorted(kwargs)))
        if key not in known:
            if len(known) > 500:
                known.clear()
            known[key] = function(*args, **kwargs)
        return known[key]

    return wrapper
