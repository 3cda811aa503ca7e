"""A table for readers: chosen columns, rounded values with units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import polars as pl

_CLASSES = {"proven": "proven", "unproven": "unproven", "rejected": "rejected"}


@dataclass(frozen=True)
class Column:
    """One column: its heading, how a row's value is written, and on which side it stands."""

    heading: str
    write: Callable[[dict[str, Any]], str]
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True)
class Grid:
    """A frame with the columns to show of it; `notice` None where nothing must be said beside it."""

    title: str
    data: pl.DataFrame
    columns: Sequence[Column]
    notice: str | None = None

    def frame(self) -> pl.DataFrame:
        """The rows with all their columns, not rounded."""
        return self.data

    def _repr_html_(self) -> str:
        notice = f"<span>{escape(self.notice)}</span>" if self.notice else ""
        head = "".join(f'<th class="{column.align}">{escape(column.heading)}</th>' for column in self.columns)
        rows = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.data.iter_rows(named=True))
        if not rows:
            rows = f'<tr><td colspan="{len(self.columns)}">none</td></tr>'
        title = escape(self.title)
        # The title stands outside of what scrolls, so that it is read on a narrow screen too.
        return (
            f'<div class="grid"><p><strong>{title}</strong> {notice}</p><div><table aria-label="{title}">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>"
        )

    def _cells(self, row: dict[str, Any]) -> str:
        return "".join(_cell(column, column.write(row)) for column in self.columns)


def _cell(column: Column, text: str) -> str:
    shown = f'<span class="evidence {text}">{text}</span>' if text in _CLASSES else escape(text)
    return f'<td class="{column.align}">{shown}</td>'
