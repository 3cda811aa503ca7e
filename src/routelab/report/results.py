"""Everything the store knows about one run, read once for all views of it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from routelab.bench import run_attempts, summarise
from routelab.bench.outcomes import outcomes
from routelab.records import Attempt, LaneFailure, Run, RunCandidate, Summary
from routelab.store import Store


@dataclass(frozen=True)
class RunResults:
    """A run with its results; `attempts` include those of carried candidates, `spent_usd` does not.

    The summaries of a run that is not completed are made of what it has so far.
    """

    run: Run
    candidates: tuple[RunCandidate, ...]
    summaries: tuple[Summary, ...]
    attempts: tuple[Attempt, ...]
    lane_failures: tuple[LaneFailure, ...]
    spent_usd: float

    @cached_property
    def outcomes(self) -> list[Attempt]:
        """The graded attempt that counts for each (case, candidate, repetition)."""
        return outcomes(self.attempts)

    @property
    def overall(self) -> list[Summary]:
        """One summary a candidate, over the whole dataset."""
        return [summary for summary in self.summaries if summary.route is None]

    @property
    def by_route(self) -> list[Summary]:
        """One summary a candidate and route that the run has cases of."""
        return [summary for summary in self.summaries if summary.route is not None and summary.attempts]

    @property
    def lost(self) -> int:
        """Cells that infrastructure kept from being graded; they are left out of accuracy."""
        return sum(summary.infrastructure_failures for summary in self.overall)

    @property
    def infrastructure(self) -> Counter[str]:
        """Attempts that infrastructure failed, by kind, repeated ones included."""
        failed = (item for item in self.attempts if item.status == "infrastructure")
        return Counter(item.error_kind or "unknown" for item in failed)

    @property
    def uncosted(self) -> int:
        """Attempts of this run whose cost is unknown; `spent_usd` holds an estimate of it."""
        return sum(item.cost_usd is None for item in self.attempts if item.run_id == self.run.id)


def read_run(store: Store, run_id: str) -> RunResults:
    """Read a run; raises UserError when there is none of this id."""
    run = store.runs.get(run_id)
    candidates = tuple(store.runs.candidates(run_id))
    attempts = run_attempts(store, run)
    summaries = store.results.summaries(run_id) or summarise(
        attempts,
        candidates=[item.candidate for item in candidates],
        routes=run.snapshot.routes,
        repetitions=run.snapshot.repetitions,
        confidence=run.snapshot.confidence,
    )
    return RunResults(
        run=run,
        candidates=candidates,
        summaries=tuple(summaries),
        attempts=tuple(attempts),
        lane_failures=tuple(store.results.lane_failures(run_id)),
        spent_usd=store.results.spent_usd(run_id),
    )
