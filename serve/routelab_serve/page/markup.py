"""HTML that cannot be broken out of: whatever is not Markup already is escaped."""

from collections.abc import Iterable
from html import escape

from routelab.records import well_formed

_VOID = frozenset({"meta", "link", "wbr"})


class Markup(str):
    """HTML text that was made by `element`, or is a part of the program."""

    __slots__ = ()


Content = str | Iterable["Content"] | None


def element(name: str, /, *content: Content, **attributes: str | float | bool | None) -> Markup:
    """An element with what it holds; strings are escaped, None and empty strings left out.

    Attributes are escaped too; True gives a bare one, None and False none. A trailing underscore
    falls away from their names, other underscores become hyphens.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    opening = f"<{name}{given}>"
    return Markup(opening if name in _VOID else f"{opening}{join(content)}</{name}>")


def join(content: Content) -> Markup:
    """Content one after the other, without an element around it."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(escape(well_formed(content).replace("\0", "\ufffd")))
    return Markup("".join(join(part) for part in content))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{join(str(value))}"'
