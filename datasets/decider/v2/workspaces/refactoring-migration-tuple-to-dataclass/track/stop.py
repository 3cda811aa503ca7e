"""One stop of a tram on its way."""
from collections import namedtuple

Stop = namedtuple("Stop", "line minute place delay", defaults=[0])
