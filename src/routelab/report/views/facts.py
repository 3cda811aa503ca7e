"""The head of a report: what must be known first, then what it is about."""

from collections.abc import Mapping, Sequence
from html import escape


def banner(text: str, kind: str = "warning") -> str:
    """A sentence nobody should miss."""
    return f'<div class="banner {kind}" role="note">{escape(text)}</div>'


def facts(entries: Mapping[str, str | Sequence[str]]) -> str:
    """Names with their values as a list of definitions; several values stand one a line."""
    rows = []
    for name, value in entries.items():
        lines = [value] if isinstance(value, str) else value
        rows.append(f"<dt>{escape(name)}</dt><dd>{'<br>'.join(escape(line) for line in lines)}</dd>")
    return f'<dl class="facts">{"".join(rows)}</dl>'
