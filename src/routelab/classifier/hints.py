"""What a body says about providers, with credentials taken out."""

import re
from collections.abc import Mapping
from typing import Any

from routelab.records import well_formed

MAX_NODES = 512
MAX_DEPTH = 32
MAX_TEXT = 200
_HINTS = (
    "provider",
    "providerOptions",
    "provider_options",
    "models",
    "route",
    "plugins",
    "transforms",
    "reasoning",
    "reasoning_effort",
    "thinking",
    "service_tier",
)
# `max_tokens` and `author` are no secrets.
_CREDENTIAL = re.compile(
    r"key(?:s|[-_]?id)?$|api[-_]?key|auth(?!or(?!i[sz]))|bearer|cookie|credential|jwt|passw|passphrase|pwd"
    r"|private[-_]?key|secret|session|signature|(?<!max[-_])(?<!budget[-_])token",
    re.IGNORECASE,
)
REDACTED = "[redacted]"


def redacted_hints(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The provider hints of a raw body; None when it has none.

    Values under keys that look like credentials become `[redacted]`. At most 512 nodes are kept
    (every key's value and list item is one), 32 levels deep; the rest is left out. Strings are cut
    at 200 characters, since the classifier's prompt pays for them.
    """
    present = {key: body[key] for key in _HINTS if body.get(key) is not None}
    return redacted(present) if present else None


def redacted(hints: Mapping[str, Any]) -> dict[str, Any]:
    """Hints that somebody else collected, under the same bounds."""
    return _copy_items(hints, [MAX_NODES], MAX_DEPTH)


def _copy(value: Any, left: list[int], depth: int) -> Any:
    if isinstance(value, Mapping):
        return _copy_items(value, left, depth - 1)
    if isinstance(value, list):
        kept: list[Any] = []
        for item in value:
            if left[0] <= 0 or depth <= 1:
                break
            left[0] -= 1
            kept.append(_copy(item, left, depth - 1))
        return kept
    return well_formed(value[:MAX_TEXT]) if isinstance(value, str) else value


def _copy_items(mapping: Mapping[Any, Any], left: list[int], depth: int) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in mapping.items():
        if left[0] <= 0 or depth <= 0:
            break
        left[0] -= 1
        name = str(key)
        kept[well_formed(name[:MAX_TEXT])] = REDACTED if _CREDENTIAL.search(name) else _copy(value, left, depth)
    return kept
