"""Accuracy against cost: the question routelab answers, as a picture."""

import altair as alt
import polars as pl

from routelab.report import theme
from routelab.report.charts.labels import label_heights
from routelab.report.charts.scales import amount_scale, spans_decades

_HEIGHT = 380
_TOOLTIP = [
    alt.Tooltip("candidate:N"),
    alt.Tooltip("accuracy:Q", format=".1%"),
    alt.Tooltip("accuracy_low:Q", format=".1%"),
    alt.Tooltip("accuracy_high:Q", format=".1%"),
    alt.Tooltip("cost:Q", format="$.3~r", title="USD per 1,000 cases"),
    alt.Tooltip("cases:Q"),
    alt.Tooltip("evidence:N"),
]


def accuracy_chart(summaries: pl.DataFrame, *, min_accuracy: float, notice: str | None) -> alt.TopLevelMixin:
    """Each candidate's accuracy with its interval against its mean cost.

    `summaries` has one row a candidate, as `frames.summary_frame` makes them. Candidates without a
    graded case are left out; those of unknown cost are named below the title.
    """
    graded = summaries.filter(pl.col("accuracy").is_not_null())
    unknown = graded.filter(pl.col("avg_cost_usd").is_null())["candidate"].to_list()
    rows = _placed(graded.filter(pl.col("avg_cost_usd").is_not_null()))
    costs = rows["cost"].to_list()
    cost_title = (
        "Mean cost of 1,000 cases (USD, log scale)" if spans_decades(costs) else "Mean cost of 1,000 cases (USD)"
    )
    base = alt.Chart(rows).encode(
        x=alt.X(
            "cost:Q",
            scale=amount_scale(costs, room=0.22),
            title=cost_title,
            axis=alt.Axis(format="$,~r", tickCount=6),
        ),
        tooltip=_TOOLTIP,
    )
    share = alt.Y("accuracy_low:Q", axis=alt.Axis(format=".0%", title="Accuracy"), scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        y=share, y2="accuracy_high:Q", color=theme.evidence_colour()
    )
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        y="accuracy:Q", color=theme.evidence_colour(), shape=theme.evidence_shape()
    )
    names = base.encode(y="label_y:Q", text="candidate:N")
    halo = names.mark_text(align="left", dx=9, stroke="white", strokeWidth=4)
    text = names.mark_text(align="left", dx=9)
    title = theme.titled(
        "Accuracy against cost",
        f"Bars: interval of the accuracy. Dashed: min_accuracy {min_accuracy:.0%}.",
        f"Not shown, cost unknown: {', '.join(unknown)}" if unknown else None,
        notice,
    )
    limit = theme.limit_line(y=alt.datum(min_accuracy))
    return alt.layer(bars, limit, halo, text, points).properties(
        width="container", height=_HEIGHT, autosize=theme.FIT_WIDTH, title=title
    )


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """With `cost`, in USD per 1,000 cases, and `label_y`, where the candidate's name stands."""
    rows = rows.with_columns(cost=pl.col("avg_cost_usd") * 1000)
    costs = rows["cost"].to_list()
    heights = label_heights(costs, rows["accuracy"].to_list(), is_log=spans_decades(costs))
    return rows.with_columns(label_y=pl.Series(heights, dtype=pl.Float64))
