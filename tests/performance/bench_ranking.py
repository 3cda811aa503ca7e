"""Ranking and table building for 50 candidates x 18 routes x 100 cases; prints seconds."""

import random
import time
from datetime import UTC, datetime

from routelab.bench import summarise
from routelab.ranking import rank
from routelab.records import Attempt, Candidate
from routelab.table import build_table

CANDIDATES, ROUTES, CASES = 50, 18, 100


def main() -> None:
    rng = random.Random(0)
    now = datetime.now(UTC)
    candidates = [Candidate(f"model-{number}") for number in range(CANDIDATES)]
    routes = [f"task/kind_{number}" for number in range(ROUTES)]
    attempts = [
        Attempt(
            run_id="r", candidate=candidate, case_id=f"{route}-{case}", route=route, repetition=1, number=1,
            status="graded", score=float(rng.random() < 0.8), latency_ms=rng.random() * 1000,
            cost_usd=(cost := rng.random() / 100), spent_usd=cost, started_at=now, ended_at=now,
        )
        for candidate in candidates
        for route in routes
        for case in range(CASES)
    ]  # fmt: skip
    began = time.perf_counter()
    summaries = summarise(attempts, candidates=candidates, routes=routes, repetitions=1, confidence=0.9)
    summarised = time.perf_counter()
    for route in routes:
        rank([summary for summary in summaries if summary.route == route], min_accuracy=0.75)
    ranked = time.perf_counter()
    build_table(summaries, routes=routes)
    built = time.perf_counter()
    print(f"{CANDIDATES} candidates x {ROUTES} routes x {CASES} cases ({len(attempts)} attempts)")
    print(
        f"  summarise {summarised - began:.3f} s, rank {ranked - summarised:.3f} s, build_table {built - ranked:.3f} s"
    )


if __name__ == "__main__":
    main()
