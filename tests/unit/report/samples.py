"""Runs and tables to report on, made of attempts as a benchmark leaves them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from msgspec import structs
from tests.spec.samples import ATLAS, CEDAR, NOON, ROUTES, attempt, engine, run

from routelab.bench import summarise
from routelab.records import Attempt, Candidate, RoutingTable, RunCandidate
from routelab.report.results import RunResults
from routelab.table import build_table

CANDIDATES = (ATLAS, CEDAR)
PRICES = {ATLAS: 0.002, CEDAR: 0.0001}


def attempts(scores: dict[tuple[Candidate, str], Iterable[float]], **changes: Any) -> list[Attempt]:
    """One graded attempt a score; the cases of a route are numbered from 0."""
    return [
        attempt(
            candidate=candidate,
            route=route,
            case_id=f"{route}-{number}",
            score=score,
            **{"cost_usd": PRICES.get(candidate, 0.001), "latency_ms": 100.0 + 10 * number, **changes},
        )
        for (candidate, route), marks in scores.items()
        for number, score in enumerate(marks)
    ]


def measured(cases: int = 4) -> list[Attempt]:
    """ATLAS right everywhere, CEDAR right on every other case."""
    right = {(ATLAS, route): [1.0] * cases for route in ROUTES}
    half = {(CEDAR, route): [float(number % 2) for number in range(cases)] for route in ROUTES}
    return attempts({**right, **half})


def results(
    found: list[Attempt], *, kind: str = "decider", candidates: tuple[Candidate, ...] = CANDIDATES, **changes: Any
) -> RunResults:
    """A completed run with these attempts; `changes` go into its snapshot, or into the run."""
    own = {name: changes.pop(name) for name in ("status", "stop_reason") if name in changes}
    if "engine" not in changes:
        changes["engine"] = engine(kind=kind)
    made = run(f"{kind}-1", kind=kind, candidates=candidates, **changes)
    made = structs.replace(made, **{"status": "completed", "ended_at": NOON + timedelta(seconds=75), **own})
    summaries = summarise(
        found,
        candidates=candidates,
        routes=made.snapshot.routes,
        repetitions=1,
        confidence=made.snapshot.confidence,
    )
    return RunResults(
        run=made,
        candidates=tuple(RunCandidate(candidate) for candidate in candidates),
        summaries=tuple(summaries),
        attempts=tuple(found),
        lane_failures=(),
        spent_usd=1.5,
    )


def table(found: list[Attempt], **changes: Any) -> RoutingTable:
    """The table of these attempts."""
    by_route = [item for item in results(found).summaries if item.route is not None]
    return build_table(by_route, routes=ROUTES, run_ids=["decider-1"], **{"source": "simulated", **changes})
