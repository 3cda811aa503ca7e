"""How candidates hold up as cases get harder."""

import altair as alt
import polars as pl

from routelab.report import theme

_LEVELS = ["low", "medium", "high"]
_ROW = 36


def difficulty_chart(scores: pl.DataFrame, *, candidates: list[str], notice: str | None) -> alt.Chart:
    """Mean score of each candidate by difficulty.

    `scores` has `candidate`, `difficulty`, `score` (mean of the cases' means) and `cases`.
    """
    colours = alt.Scale(domain=_LEVELS, range=[theme.GREEN, theme.ORANGE, theme.VERMILLION])
    shapes = alt.Scale(domain=_LEVELS, range=["circle", "square", "triangle-up"])
    chart: alt.Chart = (
        alt.Chart(scores)
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x=alt.X("score:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"), title="Mean score"),
            y=alt.Y("candidate:N", sort=candidates, title=None, axis=alt.Axis(grid=True, tickBand="extent")),
            yOffset=alt.YOffset("difficulty:N", sort=_LEVELS),
            color=alt.Color("difficulty:N", scale=colours, sort=_LEVELS, title="Difficulty"),
            shape=alt.Shape("difficulty:N", scale=shapes, sort=_LEVELS, title="Difficulty"),
            tooltip=["candidate:N", "difficulty:N", alt.Tooltip("score:Q", format=".1%"), "cases:Q"],
        )
        .properties(
            width="container",
            height=_ROW * len(candidates),
            autosize=theme.FIT_WIDTH,
            title=theme.titled("Score by difficulty", notice),
        )
    )
    return chart
