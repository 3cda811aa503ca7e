"""The report of a routing table."""

from datetime import datetime
from typing import Any

import altair as alt
import polars as pl

from routelab import wording
from routelab.records import RoutingTable
from routelab.report import words
from routelab.report.charts import evidence_chart, heatmap_chart, moves_chart
from routelab.report.frames import table_frame
from routelab.report.views import columns
from routelab.report.views.facts import banner, facts
from routelab.report.views.grid import Column, Grid
from routelab.report.views.serving import moves_frame, serving_frame


class TableReport:
    """A routing table: shown as its head; `ranking`, `serving`, `moves` and `plot` give the rest."""

    def __init__(self, table: RoutingTable, *, live: bool) -> None:
        self.table = table
        self.notice = wording.notice(table.source)
        self._live = live

    def frame(self) -> pl.DataFrame:
        """One row a route and ranked candidate; rank 1 is best."""
        return table_frame(self.table)

    def ranking(self, top: int = 3) -> Grid:
        """The first `top` candidates of every route, best first; `frame` has all."""
        shown = [
            columns.text("Route", "route"),
            columns.number("Rank", "rank"),
            columns.text("Candidate", "candidate"),
            columns.ACCURACY,
            columns.INTERVAL,
            columns.CASES,
            columns.EVIDENCE,
            columns.COST,
            columns.P95,
        ]
        data = self.frame().filter(pl.col("rank") <= top)
        return Grid(f"The first {top} of every route", data, shown, self.notice)

    def serving(self) -> Grid:
        """Who serves a new conversation of each route, in either routing mode and when the first is denied."""
        shown = [
            columns.text("Route", "route"),
            columns.text("cost_per_accuracy", "cost_per_accuracy"),
            columns.EVIDENCE,
            columns.text("best_accuracy", "best_accuracy"),
            Column("If the first is denied", _if_denied),
        ]
        return Grid("Who serves a new conversation", serving_frame(self.table), shown, self.notice)

    def moves(self) -> pl.DataFrame:
        """What becomes of running conversations; see `serving.moves_frame`."""
        return moves_frame(self.table)

    def plot(self, kind: str = "evidence") -> alt.TopLevelMixin:
        """The chart `evidence`, `heatmap` or `moves`. Raises ValueError for another kind."""
        rows, notice = self.frame(), self.notice
        routes, names = list(self.table.routes), _names(rows)
        if kind == "evidence":
            limit = self.table.min_accuracy
            return evidence_chart(rows, min_accuracy=limit, routes=routes, candidates=names, notice=notice)
        if kind == "heatmap":
            return heatmap_chart(rows, routes=routes, candidates=names, notice=notice)
        if kind == "moves":
            return moves_chart(self.moves(), routes=routes, candidates=names, notice=notice)
        raise ValueError(f"there is no chart {kind!r}; there are evidence, heatmap, moves")

    def _repr_html_(self) -> str:
        texts = [self.notice] if self.notice else []
        rows = self.frame()
        if not rows.is_empty() and not (rows["evidence"] == "proven").any():
            most = max((cases for cases in rows["cases"].to_list() if cases is not None), default=0)
            texts.append(words.why_unproven(most, self.table.min_accuracy, self.table.confidence))
        return "".join(banner(text) for text in texts) + facts(self._facts())

    def _facts(self) -> dict[str, str | list[str]]:
        table, rows = self.table, self.frame()
        found = [f"{(rows['evidence'] == name).sum()} {name}" for name in ("proven", "unproven", "rejected")]
        return {
            "Version": f"{table.version}, {'live' if self._live else 'not live'}",
            "Source": table.source,
            "Built": _moment(table.generated_at),
            "Published": _moment(table.published_at),
            "From": list(table.run_ids),
            "Rule": f"{table.rule}, min_accuracy {table.min_accuracy:.0%}, confidence {table.confidence:.0%} two-sided",
            "Switching": [
                f"the first takes over a conversation when it costs under 1/{table.switch_cost_factor:g} of its model",
                f"in best_accuracy, when it is more accurate by more than {table.best_accuracy_switch_threshold:.0%}",
            ],
            "Taxonomy": table.taxonomy_version or words.UNKNOWN,
            "Content": f"{len(table.routes)} routes, {rows.height} ranked candidates: {', '.join(found)}",
        }


def _names(rows: pl.DataFrame) -> list[str]:
    means = rows.group_by("candidate").agg(pl.col("accuracy").mean()).sort(["accuracy", "candidate"], descending=True)
    return means["candidate"].to_list()


def _if_denied(row: dict[str, Any]) -> str:
    if row["if_denied"] is None:
        return "nobody"
    ratio = row["cost_ratio"]
    return str(row["if_denied"]) if ratio is None else f"{row['if_denied']} ({ratio:,.1f} x the cost)"


def _moment(stamp: str | None) -> str:
    return words.UNKNOWN if stamp is None else f"{datetime.fromisoformat(stamp):%Y-%m-%d %H:%M} UTC"
