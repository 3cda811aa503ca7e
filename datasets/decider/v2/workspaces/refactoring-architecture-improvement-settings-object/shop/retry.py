"""Try again what failed."""
import functools
import os


def retried(times=None):
    """Decorator: call again on OSError, `times` calls in all."""
    times = times or int(os.environ.get("SHOP_TRIES", "3"))

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except OSError:
                    if attempt == times - 1:
                        raise
        return wrapper
    return decorate
