import warnings

FEET_PER_METRE = 3.28084


class Feet(float):
    pass


def to_feet(metres):
    """Deprecated since 3.0."""
    warnings.warn("to_feet() is deprecated", DeprecationWarning, stacklevel=2)
    return Feet(metres * FEET_PER_METRE)


def feet_and_inches(metres):
    feet = to_feet(metres)
    return int(feet), round((feet % 1) * 12)
