"""What no case may contain: machine paths, credentials, patterns that never end."""

import re
from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

_ABSOLUTE_PATH = re.compile(
    r"(?<![\w./:~-])(?:/(?:bin|boot|data|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|tmp|usr|var|work|Users)"
    r"/[\w.-]+|[A-Z]:\\[\w.-]+)"
)
_CREDENTIAL = re.compile(
    r"\bsk-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{10,}\."
)
_ENDLESS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


def dirt(text: str) -> Iterator[str]:
    """What in a text must not be there, each as a short sentence."""
    path = _ABSOLUTE_PATH.search(text) if "/" in text or ":\\" in text else None
    if path is not None:
        yield f"has an absolute path ({path[0]})"
    if _CREDENTIAL.search(text) is not None:
        yield "has what looks like a credential"


def can_backtrack_badly(pattern: re.Pattern[str]) -> bool:
    """Whether a repetition without bound holds another one, which can take exponential time.

    A static check that also refuses some harmless patterns; write those without the nesting.
    """
    return _nests(sre_parser.parse(pattern.pattern, pattern.flags), inside=False)


def _nests(tree: Any, *, inside: bool) -> bool:
    for operator, argument in tree:
        if operator in _ENDLESS:
            _, most, body = argument
            endless = most is sre.MAXREPEAT
            if (endless and inside) or _nests(body, inside=inside or endless):
                return True
        elif operator is sre.BRANCH:
            if any(_nests(branch, inside=inside) for branch in argument[1]):
                return True
        elif operator is sre.SUBPATTERN:
            if _nests(argument[-1], inside=inside):
                return True
        elif operator in (sre.ASSERT, sre.ASSERT_NOT) and _nests(argument[1], inside=inside):
            return True
    return False
