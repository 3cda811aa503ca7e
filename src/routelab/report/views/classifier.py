"""The report of a classifier run."""

from collections.abc import Callable

import altair as alt

from routelab.ranking import pick_classifier_winner
from routelab.report import words
from routelab.report.charts import accuracy_chart, latency_chart
from routelab.report.views import columns
from routelab.report.views.facts import banner
from routelab.report.views.grid import Column
from routelab.report.views.run import RunReport


class ClassifierReport(RunReport):
    """A classifier run; its charts are `accuracy`, `latency`, `evidence` and `heatmap`."""

    def _charts(self) -> dict[str, Callable[[], alt.TopLevelMixin]]:
        return {"accuracy": self._accuracy, "latency": self._latency, **super()._charts()}

    def _candidate_columns(self) -> list[Column]:
        first, *rest = super()._candidate_columns()
        return [first, rest[0], rest[1], columns.number("Route right", "route_accuracy", words.percent), *rest[2:]]

    def _accuracy(self) -> alt.TopLevelMixin:
        return accuracy_chart(self.overall(), min_accuracy=self.snapshot.min_accuracy, notice=self.notice)

    def _latency(self) -> alt.TopLevelMixin:
        return latency_chart(
            self.overall(), max_p95_latency_ms=self.snapshot.classifier_max_p95_latency_ms, notice=self.notice
        )

    def _repr_html_(self) -> str:
        return super()._repr_html_() + banner(self._winner(), "result")

    def _winner(self) -> str:
        limit, needed = self.snapshot.classifier_max_p95_latency_ms, self.snapshot.min_accuracy
        chosen = pick_classifier_winner(self.results.overall, min_accuracy=needed, max_p95_latency_ms=limit)
        if chosen is None:
            return "Nothing was graded, so there is no classifier to choose."
        measured = (
            f"{words.percent(chosen.accuracy)} accuracy, {words.usd_per_thousand(chosen.avg_cost_usd)} for "
            f"1,000 requests, p95 {words.milliseconds(chosen.p95_latency_ms)}"
        )
        good = [item for item in self.results.overall if (item.accuracy or 0) >= needed]
        within = "" if limit is None else f" within p95 {words.milliseconds(limit)}"
        if not good:
            why = f"the most accurate, since none reaches {needed:.0%}"
        elif limit is not None and (chosen.p95_latency_ms is None or chosen.p95_latency_ms > limit):
            why = f"the quickest that reaches {needed:.0%}, since none of them is{within}"
        else:
            why = f"the cheapest that reaches {needed:.0%}{within}"
        return f"Choice: {chosen.candidate}, {why} ({measured})."
