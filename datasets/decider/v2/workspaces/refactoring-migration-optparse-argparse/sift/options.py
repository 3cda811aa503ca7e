"""What the command lines have in common."""
from copy import copy
from optparse import Option, OptionValueError

UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


def check_size(option, name, value):
    number, unit = (value[:-1], value[-1].lower()) if value[-1:].lower() in UNITS else (value, None)
    if not number.isdigit():
        raise OptionValueError("option %s: invalid size: %r" % (name, value))
    return int(number) * UNITS.get(unit, 1)


class SizeOption(Option):
    TYPES = Option.TYPES + ("size",)
    TYPE_CHECKER = copy(Option.TYPE_CHECKER)
    TYPE_CHECKER["size"] = check_size
