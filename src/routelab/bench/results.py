"""What a run found: carrying earlier results, completing, and reading them back."""

from collections import defaultdict
from typing import Any

from msgspec import structs

from routelab.bench.outcomes import outcomes
from routelab.bench.summarise import summarise
from routelab.classifier import is_local
from routelab.records import Attempt, Candidate, Run, Snapshot, Summary
from routelab.store import Store


def carried_from(store: Store, identity: str, snapshot: Snapshot) -> dict[Candidate, str]:
    """Which configured candidates need not be measured, and the run that did.

    Only whole results are carried: a candidate that lost cells to infrastructure is measured again,
    and so are one whose price or capabilities changed, and a local one, which costs nothing and may
    have been trained anew.
    """
    carried = {}
    for candidate, run_id in store.runs.measured_before(identity, snapshot.repetitions).items():
        if candidate not in snapshot.candidates or is_local(candidate):
            continue
        if _terms(store.runs.get(run_id).snapshot, candidate) != _terms(snapshot, candidate):
            continue
        lost = [
            summary.infrastructure_failures
            for summary in store.results.summaries(run_id)
            if summary.candidate == candidate and summary.route is None
        ]
        if lost == [0]:
            carried[candidate] = run_id
    return carried


def _terms(snapshot: Snapshot, candidate: Candidate) -> tuple[Any, Any]:
    """What of the configuration outcomes of this candidate alone depend on: its price, and what its agent is told."""
    config = snapshot.config
    price = config["prices"].get(candidate.model) or {}
    # When a price was read changes no outcome.
    usd = {key: value for key, value in price.items() if key != "as_of"}
    return usd, config["capabilities"].get(candidate.model) if snapshot.engine.kind == "decider" else None


def complete(store: Store, run: Run) -> None:
    """Summarise a run whose cells are all done, and mark it completed; once only."""
    snapshot = run.snapshot
    candidates = store.runs.candidates(run.id)
    measured = summarise(
        store.results.attempts(run.id),
        candidates=[item.candidate for item in candidates if item.carried_from is None],
        routes=snapshot.routes,
        repetitions=snapshot.repetitions,
        confidence=snapshot.confidence,
    )
    found = {item.candidate: [s for s in measured if s.candidate == item.candidate] for item in candidates}
    for item in candidates:
        if item.carried_from is not None:
            found[item.candidate] = _carried(store, run, item.candidate, item.carried_from)
    store.results.write_summaries(run.id, [summary for group in found.values() for summary in group])
    store.runs.end(run.id, "completed")


def run_attempts(store: Store, run: Run) -> list[Attempt]:
    """Every attempt behind a run's results, those of carried candidates included."""
    by_run: defaultdict[str, set[Candidate]] = defaultdict(set)
    for item in store.runs.candidates(run.id):
        by_run[item.carried_from or run.id].add(item.candidate)
    return [
        attempt
        for run_id, candidates in by_run.items()
        for attempt in store.results.attempts(run_id)
        if attempt.candidate in candidates
    ]


def run_outcomes(store: Store, run: Run) -> list[Attempt]:
    """The graded attempt that counts for every cell of a run, carried candidates included."""
    return outcomes(run_attempts(store, run))


def _carried(store: Store, run: Run, candidate: Candidate, source: str) -> list[Summary]:
    # Summarised anew from the attempts: this run may ask for another confidence.
    attempts = [item for item in store.results.attempts(source) if item.candidate == candidate]
    fresh = summarise(
        attempts,
        candidates=[candidate],
        routes=run.snapshot.routes,
        repetitions=run.snapshot.repetitions,
        confidence=run.snapshot.confidence,
    )
    return [structs.replace(summary, carried_from=source) for summary in fresh]
