"""What a body says about providers, with credentials taken out."""

import re
from collections.abc import Mapping
from typing import Any

MAX_NODES = 512
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
    r"api[-_]?key|auth(?!or(?!i[sz]))|bearer|cookie|credential|passw|private[-_]?key|secret|session|signature"
    r"|(?<!max[-_])(?<!budget[-_])token",
    re.IGNORECASE,
)
REDACTED = "[redacted]"


def redacted_hints(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The provider hints of a raw body; None when it has none.

    Values under keys that look like credentials become `[redacted]`. At most 512 nodes are kept
    (every key's value and list item is one); the rest is left out.
    """
    present = {key: body[key] for key in _HINTS if body.get(key) is not None}
    if not present:
        return None
    left = [MAX_NODES]
    return dict(_copy_items(present, left))


def _copy(value: Any, left: list[int]) -> Any:
    if isinstance(value, Mapping):
        return dict(_copy_items(value, left))
    if isinstance(value, list):
        kept = []
        for item in value:
            if left[0] <= 0:
                break
            left[0] -= 1
            kept.append(_copy(item, left))
        return kept
    return value


def _copy_items(mapping: Mapping[Any, Any], left: list[int]) -> list[tuple[str, Any]]:
    kept = []
    for key, value in mapping.items():
        if left[0] <= 0:
            break
        left[0] -= 1
        name = str(key)
        kept.append((name, REDACTED if _CREDENTIAL.search(name) else _copy(value, left)))
    return kept
