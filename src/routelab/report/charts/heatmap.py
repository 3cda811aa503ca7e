"""Routes and candidates as a coloured table."""

import altair as alt
import polars as pl

from routelab.report import theme

_CELL_WIDTH, _CELL_HEIGHT = 54, 24
_DARK = 0.6
"""Accuracy from which a cell is dark enough for white letters."""
_FATES = {"first": "#9fc9e8", "kept": "#e3eef7", "cost": "#fbe3b3", "threshold": "#f3c1a5"}


def heatmap_chart(
    rows: pl.DataFrame, *, routes: list[str], candidates: list[str], notice: str | None
) -> alt.TopLevelMixin:
    """Accuracy by route (down) and candidate (across), written into the cells; a gap: no graded case."""
    graded = rows.filter(pl.col("accuracy").is_not_null())
    base = _cells(graded, routes, candidates, [alt.Tooltip("accuracy:Q", format=".1%"), alt.Tooltip("cases:Q")])
    colour = alt.Color("accuracy:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    ink = alt.condition(alt.datum.accuracy > _DARK, alt.value("white"), alt.value(theme.INK))
    boxes = base.mark_rect(stroke="white").encode(color=colour)
    numbers = base.mark_text(fontSize=11).encode(text=alt.Text("accuracy:Q", format=".0%"), color=ink)
    return _chart(boxes, numbers, theme.titled("Accuracy by route and candidate", notice))


def moves_chart(
    rows: pl.DataFrame, *, routes: list[str], candidates: list[str], notice: str | None
) -> alt.TopLevelMixin:
    """What becomes of a conversation by route (down) and the candidate it is on (across).

    `rows` has `route`, `candidate` and `fate`: `first`, `kept`, `cost` or `threshold`.
    """
    base = _cells(rows, routes, candidates, [alt.Tooltip("fate:N")])
    scale = alt.Scale(domain=list(_FATES), range=list(_FATES.values()))
    boxes = base.mark_rect(stroke="white").encode(color=alt.Color("fate:N", scale=scale, legend=None))
    names = base.mark_text(fontSize=10).encode(text="fate:N")
    return _chart(boxes, names, theme.titled("What becomes of running conversations", notice))


def _cells(rows: pl.DataFrame, routes: list[str], candidates: list[str], tooltip: list[alt.Tooltip]) -> alt.Chart:
    base: alt.Chart = alt.Chart(rows).encode(
        x=alt.X("candidate:N", sort=candidates, title=None, axis=alt.Axis(orient="top", labelAngle=-40)),
        y=alt.Y("route:N", sort=routes, title=None),
        tooltip=[alt.Tooltip("route:N"), alt.Tooltip("candidate:N"), *tooltip],
    )
    return base


def _chart(boxes: alt.Chart, texts: alt.Chart, title: alt.TitleParams) -> alt.TopLevelMixin:
    return alt.layer(boxes, texts).properties(width=alt.Step(_CELL_WIDTH), height=alt.Step(_CELL_HEIGHT), title=title)
