import functools

from mailroom.errors import GaveUp


def retrying(times, on):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args):
            for _ in range(times):
                try:
                    return function(*args)
                except on as error:
                    last = str(error)
            raise GaveUp(last)

        return inner

    return decorate
