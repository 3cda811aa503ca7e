"""What was proven of whom on each route."""

import altair as alt
import polars as pl

from routelab.report import theme

_COLUMNS = 3
_WIDTH, _ROW = 215, 17


def evidence_chart(
    rows: pl.DataFrame, *, min_accuracy: float, routes: list[str], candidates: list[str], notice: str | None
) -> alt.FacetChart:
    """For every route, each candidate's accuracy with its interval against `min_accuracy`.

    `rows` has `route`, `candidate`, `accuracy`, `accuracy_low`, `accuracy_high`, `cases` and
    `evidence`; `routes` and `candidates` give the order. Rows without an accuracy are left out.
    """
    base = alt.Chart().encode(
        y=alt.Y("candidate:N", scale=alt.Scale(domain=candidates), title=None),
        tooltip=[
            alt.Tooltip("route:N"),
            alt.Tooltip("candidate:N"),
            alt.Tooltip("accuracy:Q", format=".1%"),
            alt.Tooltip("accuracy_low:Q", format=".1%"),
            alt.Tooltip("accuracy_high:Q", format=".1%"),
            alt.Tooltip("cases:Q"),
            alt.Tooltip("evidence:N"),
        ],
    )
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], title=None)
    bars = base.mark_rule(strokeWidth=3, opacity=0.5).encode(
        x=alt.X("accuracy_low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis),
        x2="accuracy_high:Q",
        color=theme.evidence_colour(),
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        x="accuracy:Q", color=theme.evidence_colour(), shape=theme.evidence_shape()
    )
    cell = alt.layer(bars, theme.limit_line(x=alt.datum(min_accuracy)), points)
    # Task type and subtask type on a line each: a wide heading would push the columns apart.
    heading = alt.Header(labelExpr="split(datum.label, '/')")
    return cell.properties(width=_WIDTH, height=_ROW * len(candidates)).facet(
        facet=alt.Facet("route:N", sort=routes, title=None, header=heading),
        columns=_COLUMNS,
        data=rows.filter(pl.col("accuracy").is_not_null()),
        title=theme.titled(
            "Evidence on every route",
            f"Bars: interval of the accuracy. Dashed: min_accuracy {min_accuracy:.0%}.",
            notice,
        ),
    )
