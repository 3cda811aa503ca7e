"""Grading of final messages."""

import json
import math
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, NoReturn

import msgspec

from routelab.errors import DatasetError
from routelab.records import AllOf, Check, ContainsAll, Exact, JsonEqual, Regex

_FENCE_LINE = re.compile(r"^[ \t]*(?:`{3,}[^`\n]*|~{3,}[^\n]*)(?:\n|\Z)", re.MULTILINE)
# Only what can begin an object or array is tried; code is full of other brackets.
_OPENING = re.compile(r"""\{(?=[ \t\n\r]*["}])|\[(?=[ \t\n\r]*[]["{\-0-9tfn])""")
_MAX_TRIES = 10_000
"""A failed try costs time in the length of the message: this bounds a message made of brackets."""
_MISSING = object()


def as_check(check: Check | Mapping[str, Any]) -> Check:
    """The check as a record; raises DatasetError when it is malformed."""
    try:
        return msgspec.convert(check, type=Check)  # type: ignore[no-any-return]
    except (msgspec.ValidationError, RecursionError) as error:
        raise DatasetError(f"malformed check: {error}") from error


def grade_text(check: Check | Mapping[str, Any], text: str | None) -> bool:
    """Whether the final message passes the check; None counts as an empty message.

    Raises DatasetError for a malformed check, and for one that looks at the workspace.
    """
    check = as_check(check)
    message = text or ""
    match check:
        case Exact():
            return _is_exact(check.value, clean(message))
        case ContainsAll():
            folded = clean(message).casefold()
            return all(_unix(value).casefold() in folded for value in check.values)
        case Regex():
            return check.compiled().search(message) is not None
        case JsonEqual():
            found = first_json(clean(message))
            return found is not _MISSING and json_equal(check.value, found)
        case AllOf():
            # All are graded first: a part that looks at the workspace is refused whatever the others say.
            grades = [grade_text(part, message) for part in check.checks]
            return all(grades)
        case _:
            raise DatasetError("a check of the workspace cannot be graded from the message alone")


def clean(message: str) -> str:
    """The message without code fence lines and outer white space."""
    return _FENCE_LINE.sub("", _unix(message)).strip()


def first_json(message: str) -> Any:
    """The whole message as JSON, else its first object or array that parses; `_MISSING` if none.

    A scalar counts only as the whole message. NaN and infinities are not JSON.
    """
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
    try:
        return decoder.decode(message)
    except (ValueError, RecursionError):
        pass
    for opening in islice(_OPENING.finditer(message), _MAX_TRIES):
        try:
            return decoder.raw_decode(message, opening.start())[0]
        except ValueError:
            continue
        except RecursionError:
            break  # every later bracket of such a nest would cost as much again
    return _MISSING


def json_equal(want: Any, got: Any) -> bool:
    """Equality of JSON values: key order is free, array order is not, 1 is 1.0, true is not 1."""
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(json_equal(want[key], got[key]) for key in want)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(json_equal, want, got))
    return bool(want == got)


def _is_exact(value: str, message: str) -> bool:
    wanted = _unix(value).strip().casefold()
    folded = message.casefold()
    last = folded.rsplit("\n", 1)[-1].strip()  # the message is stripped, so its last line is not empty
    return wanted in (folded, last)


def _unix(text: str) -> str:
    # Not splitlines(): it also breaks at characters that JSON strings hold unescaped, such as U+2028.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is out of range")
    return number
