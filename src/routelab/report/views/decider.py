"""The report of a decider run."""

from collections.abc import Callable, Mapping

import altair as alt
import polars as pl

from routelab.report import words
from routelab.report.charts import accuracy_chart, difficulty_chart, latency_chart
from routelab.report.results import RunResults
from routelab.report.views.run import RunReport


class DeciderReport(RunReport):
    """A decider run; its charts are `accuracy`, `latency`, `evidence`, `heatmap` and `difficulty`.

    `difficulties` maps case ids to low, medium or high; None when the dataset is not there any more
    as it was measured, and then there is no chart `difficulty`.
    """

    def __init__(self, results: RunResults, *, difficulties: Mapping[str, str] | None) -> None:
        super().__init__(results)
        self._difficulties = difficulties

    def by_difficulty(self) -> pl.DataFrame:
        """`candidate, difficulty, score, cases`: the mean over cases of their mean score.

        Raises ValueError when the difficulties are not known.
        """
        if self._difficulties is None:
            raise ValueError("the dataset is not there any more as it was measured")
        level = pl.col("case_id").replace_strict(dict(self._difficulties), default=None)
        cases = self.outcomes().group_by("candidate", "case_id").agg(pl.col("score").mean())
        scored = cases.with_columns(difficulty=level).drop_nulls("difficulty")
        return scored.group_by("candidate", "difficulty").agg(pl.col("score").mean(), cases=pl.len())

    def _charts(self) -> dict[str, Callable[[], alt.TopLevelMixin]]:
        charts = {"accuracy": self._accuracy, "latency": self._latency, **super()._charts()}
        return charts if self._difficulties is None else {**charts, "difficulty": self._difficulty}

    def _accuracy(self) -> alt.TopLevelMixin:
        return accuracy_chart(self.overall(), min_accuracy=self.snapshot.min_accuracy, notice=self.notice)

    def _latency(self) -> alt.TopLevelMixin:
        return latency_chart(self.overall(), notice=self.notice)

    def _difficulty(self) -> alt.TopLevelMixin:
        names = self.overall()["candidate"].to_list()
        return difficulty_chart(self.by_difficulty(), candidates=names, notice=self.notice)

    def _banners(self) -> list[str]:
        rows = self.frame().filter(pl.col("route").is_not_null() & pl.col("accuracy").is_not_null())
        if rows.is_empty() or (rows["evidence"] == "proven").any():
            return super()._banners()
        most = max(rows["cases"].to_list())
        reason = words.why_unproven(most, self.snapshot.min_accuracy, self.snapshot.confidence)
        return [*super()._banners(), reason]
