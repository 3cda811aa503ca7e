"""From attempts to summaries per candidate and route."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from routelab.bench.outcomes import outcomes, ungraded_cells
from routelab.records import Attempt, Candidate, Summary
from routelab.stats import nearest_rank, wilson


def summarise(
    attempts: Sequence[Attempt],
    *,
    candidates: Iterable[Candidate],
    routes: Sequence[str],
    repetitions: int,
    confidence: float,
) -> list[Summary]:
    """Summaries of every candidate: one a route in the order given, then one of the whole (route None).

    A case's score is the mean of its graded repetitions, and the cases are the trials of the
    interval. A candidate without a graded case on a route has accuracy and interval None.
    """
    lost = ungraded_cells(attempts)
    tries = Counter((attempt.candidate, attempt.route) for attempt in attempts)
    route_of = {attempt.case_id: attempt.route for attempt in attempts}
    counted: defaultdict[tuple[Candidate, str], list[Attempt]] = defaultdict(list)
    for outcome in outcomes(attempts):
        counted[outcome.candidate, outcome.route].append(outcome)
    failed = Counter((candidate, route_of[case_id]) for candidate, _, case_id in lost)
    summaries = []
    for candidate in candidates:
        for route, within in (*((route, (route,)) for route in routes), (None, tuple(routes))):
            cells = [(candidate, name) for name in within]
            summary = _summary(
                candidate,
                route,
                [outcome for cell in cells for outcome in counted[cell]],
                repetitions=repetitions,
                confidence=confidence,
                tries=sum(tries[cell] for cell in cells),
                lost=sum(failed[cell] for cell in cells),
            )
            summaries.append(summary)
    return summaries


def _summary(
    candidate: Candidate,
    route: str | None,
    counted: Sequence[Attempt],
    *,
    repetitions: int,
    confidence: float,
    tries: int,
    lost: int,
) -> Summary:
    scores = _case_means(counted, "score")
    low, high = wilson(sum(scores), len(scores), confidence=confidence)
    costs = [outcome.cost_usd for outcome in counted if outcome.cost_usd is not None]
    latencies = [outcome.latency_ms for outcome in counted if outcome.latency_ms is not None]
    routed = _case_means(counted, "route_correct")
    return Summary(
        candidate=candidate,
        route=route,
        cases=len(scores),
        repetitions=repetitions,
        accuracy=fmean(scores) if scores else None,
        accuracy_low=low,
        accuracy_high=high,
        avg_cost_usd=fmean(costs) if costs else None,
        costed=len(costs),
        p50_latency_ms=nearest_rank(latencies, 0.50),
        p95_latency_ms=nearest_rank(latencies, 0.95),
        attempts=tries,
        infrastructure_failures=lost,
        errors=sum(outcome.error_kind is not None for outcome in counted),
        timeouts=sum(outcome.timed_out for outcome in counted),
        route_accuracy=fmean(routed) if routed else None,
    )


def _case_means(counted: Iterable[Attempt], field: str) -> list[float]:
    by_case: defaultdict[str, list[float]] = defaultdict(list)
    for outcome in counted:
        value = getattr(outcome, field)
        if value is not None:
            by_case[outcome.case_id].append(float(value))
    return [fmean(values) for values in by_case.values()]
