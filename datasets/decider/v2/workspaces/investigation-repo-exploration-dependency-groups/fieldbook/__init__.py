"""Notes from the field."""
from fieldbook.model import Note

__version__ = "2.1"
__all__ = ["Note", "area"]


def __getattr__(name):
    if name == "area":
        from fieldbook.geo import area

        return area
    raise AttributeError(name)
