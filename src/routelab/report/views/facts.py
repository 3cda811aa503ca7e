"""The head of a report: what must be known first, then what it is about."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

_STYLE = "margin:0.75em 0;padding:0.7em 0.9em;font-weight:600;color:#1b1f24"
_COLOURS = {"warning": ("#E69F00", "#fff6e0"), "result": ("#0072B2", "#e8f3fa")}
"""Edge and ground of a banner."""


def banner(text: str, kind: Literal["warning", "result"] = "warning") -> str:
    """A sentence nobody should miss, neither on a page nor in JupyterLab, which has no style of ours."""
    edge, ground = _COLOURS[kind]
    style = f"{_STYLE};border-left:5px solid {edge};background:{ground}"
    return f'<div role="note" style="{style}">{escape(text)}</div>'


def facts(entries: Mapping[str, str | Sequence[str]]) -> str:
    """Names with their values as a list of definitions; several values stand one a line."""
    rows = []
    for name, value in entries.items():
        lines = [value] if isinstance(value, str) else value
        rows.append(f"<dt>{escape(name)}</dt><dd>{'<br>'.join(escape(line) for line in lines)}</dd>")
    return f'<dl class="facts">{"".join(rows)}</dl>'
