"""What the reports of both kinds of runs share."""

from collections.abc import Callable
from datetime import UTC
from urllib.parse import urlsplit

import altair as alt
import polars as pl

from routelab import wording
from routelab.report import words
from routelab.report.charts import evidence_chart, heatmap_chart
from routelab.report.frames import attempt_frame, outcome_matrix, summary_frame
from routelab.report.results import RunResults
from routelab.report.views import columns
from routelab.report.views.facts import banner, facts
from routelab.report.views.grid import Column, Grid

_SHORT = 12
"""Characters of a hash that are shown."""


class RunReport:
    """A run as a report: shown as its head; `candidates`, `plot` and `frame` give the rest."""

    def __init__(self, results: RunResults) -> None:
        self.results = results
        self.run = results.run
        self.snapshot = results.run.snapshot
        self.notice = wording.notice(self.snapshot.source)

    def frame(self) -> pl.DataFrame:
        """One row a candidate and route, and one a candidate with route null over the whole dataset."""
        return summary_frame(self.results.summaries, min_accuracy=self.snapshot.min_accuracy)

    def outcomes(self) -> pl.DataFrame:
        """The outcome matrix."""
        return outcome_matrix(self.results.outcomes)

    def attempts(self) -> pl.DataFrame:
        """Every attempt, repeated and failed ones included."""
        return attempt_frame(self.results.attempts)

    def candidates(self) -> Grid:
        """One row a candidate over the whole dataset, the most accurate first."""
        return Grid("Candidates over the whole dataset", self.overall(), self._candidate_columns(), self.notice)

    def overall(self) -> pl.DataFrame:
        """The rows of `frame` over the whole dataset, the most accurate first, then the cheapest."""
        rows = self.frame().filter(pl.col("route").is_null())
        return rows.sort(["accuracy", "avg_cost_usd"], descending=[True, False], nulls_last=True)

    def failures(self) -> Grid:
        """What went wrong, by kind; kinds of infrastructure did not count towards accuracy."""
        data = self.attempts().filter(pl.col("error_kind").is_not_null())
        counted = data.group_by("status", "error_kind").agg(
            attempts=pl.len(), candidates=pl.col("candidate").n_unique()
        )
        meaning = {"graded": "counted as the model's own", "infrastructure": "left out of accuracy"}
        shown = [
            columns.text("What", "error_kind"),
            Column("Meaning", lambda row: meaning[row["status"]]),
            columns.number("Attempts", "attempts"),
            columns.number("Candidates", "candidates"),
        ]
        return Grid("What went wrong", counted.sort("status", "error_kind"), shown, self.notice)

    def plot(self, kind: str = "accuracy") -> alt.TopLevelMixin:
        """One of the report's charts. Raises ValueError for a kind it does not have."""
        charts = self._charts()
        if kind not in charts:
            raise ValueError(f"there is no chart {kind!r}; there are {', '.join(charts)}")
        return charts[kind]()

    def _charts(self) -> dict[str, Callable[[], alt.TopLevelMixin]]:
        """Every chart by kind."""
        return {"evidence": self._evidence, "heatmap": self._heatmap}

    def _candidate_columns(self) -> list[Column]:
        return [
            columns.text("Candidate", "candidate"),
            columns.ACCURACY,
            columns.INTERVAL,
            columns.CASES,
            columns.COST,
            columns.P50,
            columns.P95,
            columns.number("Errors", "errors"),
            columns.number("Lost", "infrastructure_failures"),
        ]

    def _routes(self) -> list[str]:
        """The routes the run has cases of, in the taxonomy's order."""
        measured = {summary.route for summary in self.results.by_route}
        return [route for route in self.snapshot.routes if route in measured]

    def _evidence(self) -> alt.TopLevelMixin:
        return evidence_chart(
            self.frame().filter(pl.col("route").is_not_null()),
            min_accuracy=self.snapshot.min_accuracy,
            routes=self._routes(),
            candidates=self.overall()["candidate"].to_list(),
            notice=self.notice,
        )

    def _heatmap(self) -> alt.TopLevelMixin:
        return heatmap_chart(
            self.frame().filter(pl.col("route").is_not_null()),
            routes=self._routes(),
            candidates=self.overall()["candidate"].to_list(),
            notice=self.notice,
        )

    def _repr_html_(self) -> str:
        return "".join(banner(text) for text in self._banners()) + facts(self._facts())

    def _banners(self) -> list[str]:
        texts = [self.notice] if self.notice else []
        if self.run.status != "completed":
            reason = f": {self.run.stop_reason}" if self.run.stop_reason else ""
            texts.append(f"This run is {self.run.status}{reason}. What follows is what it has so far.")
        if self.results.lost:
            texts.append(
                f"{wording.count(self.results.lost, 'case')} could not be measured because infrastructure "
                "failed, and are left out of accuracy."
            )
        return texts

    def _facts(self) -> dict[str, str | list[str]]:
        engine, run = self.snapshot.engine, self.run
        sample = "" if engine.case_ids is None else f", a sample of {wording.count(len(engine.case_ids), 'case')}"
        entries: dict[str, str | list[str]] = {
            "Run": f"{run.id}, {run.status}",
            "Measured": _when(self),
            "Dataset": f"{engine.dataset} (sha256 {engine.dataset_sha256[:_SHORT]}){sample}",
            "Candidates": self._candidate_lines(),
            "Repetitions": str(self.snapshot.repetitions),
            "Agent": f"{engine.agent} {engine.agent_version}, sandbox {engine.sandbox}",
            "Endpoint": _endpoint(self),
            "Engine identity": run.engine_identity[:_SHORT],
            "Threshold": (
                f"min_accuracy {self.snapshot.min_accuracy:.0%}, "
                f"confidence {self.snapshot.confidence:.0%} two-sided, rule {self.snapshot.rule}"
            ),
            "Spent": self._spent(),
            "Failures": self._failure_lines(),
        }
        return entries

    def _candidate_lines(self) -> list[str]:
        carried = [item for item in self.results.candidates if item.carried_from is not None]
        measured = len(self.results.candidates) - len(carried)
        lines = [f"{measured} measured in this run"]
        return lines + [f"{item.candidate}: carried from {item.carried_from}" for item in carried]

    def _spent(self) -> str:
        limit = self.snapshot.max_cost_usd
        bound = "no limit" if limit is None else f"limit {wording.usd(limit)}"
        unknown = (
            f"; the cost of {wording.count(self.results.uncosted, 'attempt')} is unknown"
            if self.results.uncosted
            else ""
        )
        invented = " of invented money" if self.snapshot.source == "simulated" else ""
        return f"{wording.usd(self.results.spent_usd)}{invented}, {bound}{unknown}"

    def _failure_lines(self) -> list[str]:
        kinds = self.results.infrastructure
        if not kinds and not self.results.lane_failures:
            return ["no infrastructure failure"]
        tries = f"{wording.count(kinds.total(), 'attempt')} failed by infrastructure"
        named = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
        lines = [f"{tries} ({named})" if named else tries, f"{wording.count(self.results.lost, 'case')} lost by it"]
        return lines + [f"lane of {item.candidate} died: {item.message}" for item in self.results.lane_failures]


def _when(report: RunReport) -> str:
    run = report.run
    started = f"{run.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return started if run.ended_at is None else f"{started}, in {words.duration(run.ended_at - run.created_at)}"


def _endpoint(report: RunReport) -> str:
    engine = report.snapshot.engine
    if engine.endpoint_version is not None:
        return f"{engine.endpoint}, version {engine.endpoint_version[:_SHORT]}"
    # Only the host: a URL may hold a key.
    return urlsplit(engine.endpoint).hostname or engine.endpoint
