"""How long candidates take."""

import altair as alt
import polars as pl

from routelab.report import theme
from routelab.report.charts.scales import amount_scale, spans_decades

_PERCENTILES = ["p50", "p95"]


def latency_chart(
    summaries: pl.DataFrame, *, notice: str | None, max_p95_latency_ms: float | None = None
) -> alt.TopLevelMixin:
    """The median and 95th percentile of each candidate's latency, the quickest first.

    `max_p95_latency_ms` draws a limit; None draws none. Candidates without a latency are left out.
    """
    rows = summaries.filter(pl.col("p50_latency_ms").is_not_null()).sort("p50_latency_ms")
    values = rows["p50_latency_ms"].to_list() + rows["p95_latency_ms"].to_list()
    unit = "ms, log scale" if spans_decades(values) else "ms"
    x = alt.X(
        "p50_latency_ms:Q",
        scale=amount_scale([*values, max_p95_latency_ms] if max_p95_latency_ms else values),
        title=f"Latency of a case ({unit})",
        axis=alt.Axis(format=",~r", tickCount=6),
    )
    y = alt.Y("candidate:N", sort=rows["candidate"].to_list(), title=None)
    span = alt.Chart(rows).mark_rule(color=theme.FAINT, strokeWidth=3).encode(x=x, x2="p95_latency_ms:Q", y=y)
    layers = [span, _points(rows, y)]
    limit = None
    if max_p95_latency_ms is not None:
        limit = f"Dashed: the limit of p95, {max_p95_latency_ms:,.0f} ms."
        layers.append(theme.limit_line(x=alt.datum(max_p95_latency_ms)))
    title = theme.titled("Latency", "p50: half of the cases are quicker. p95: 19 of 20 are.", limit, notice)
    height = theme.ROW * rows.height
    return alt.layer(*layers).properties(width="container", height=height, autosize=theme.FIT_WIDTH, title=title)


def _points(rows: pl.DataFrame, y: alt.Y) -> alt.Chart:
    named = rows.rename({"p50_latency_ms": "p50", "p95_latency_ms": "p95"})
    long = named.unpivot(_PERCENTILES, index="candidate", variable_name="percentile", value_name="latency_ms")
    colours = alt.Scale(domain=_PERCENTILES, range=[theme.BLUE, theme.ORANGE])
    shapes = alt.Scale(domain=_PERCENTILES, range=["circle", "triangle-right"])
    points: alt.Chart = (
        alt.Chart(long)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x="latency_ms:Q",
            y=y,
            color=alt.Color("percentile:N", scale=colours, title=None),
            shape=alt.Shape("percentile:N", scale=shapes, title=None),
            tooltip=["candidate:N", "percentile:N", alt.Tooltip("latency_ms:Q", format=",.0f")],
        )
    )
    return points
