"""Reading what agents print: JSON objects, one a line, in shapes that nobody promised."""

import json
from collections.abc import Iterator
from typing import Any

from routelab.records import well_formed

_TOO_MANY = 2**53


def json_lines(stdout: str) -> Iterator[dict[str, Any]]:
    """The JSON objects among the lines; what is none is skipped.

    Only a line feed ends a line: JSON strings may hold the other separators of Unicode as they are.
    """
    for line in stdout.split("\n"):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def mapping(value: object) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, Any]]:
    """The objects of the value where it is a list, else none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is a text, else an empty one; it can always be written as UTF-8."""
    return well_formed(value) if isinstance(value, str) else ""


def shown(value: object) -> str:
    """Any value for a reader: a text as it is, nothing as an empty text, the rest as JSON."""
    if value is None or isinstance(value, str):
        return text(value)
    try:
        return well_formed(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "…"


def amount(value: object) -> float | None:
    """The value where it is a number of at least 0 that counts something, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < _TOO_MANY else None


def count(value: object) -> int | None:
    """The same for whole numbers."""
    number = amount(value)
    return None if number is None else int(number)


def total(*parts: object) -> int | None:
    """The sum of the whole numbers among the parts; None when there is none."""
    counts = [number for number in map(count, parts) if number is not None]
    return sum(counts) if counts else None
