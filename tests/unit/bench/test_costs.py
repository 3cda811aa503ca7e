"""The agent's own cost figure is compared with what was billed."""

from datetime import UTC, datetime
from typing import Any

from routelab.bench.costs import cost_differences
from routelab.records import Attempt, Candidate

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def attempt(model: str, **fields: Any) -> Attempt:
    return Attempt(
        run_id="run",
        candidate=Candidate(model),
        case_id="case",
        route="debugging/bug_fixing",
        repetition=1,
        number=1,
        status="graded",
        score=1.0,
        latency_ms=1.0,
        spent_usd=0.0,
        started_at=NOW,
        ended_at=NOW,
        **fields,
    )


def test_only_figures_that_differ_are_told() -> None:
    attempts = [
        attempt("agrees", cost_usd=0.5, agent_cost_usd=0.501),
        attempt("differs", cost_usd=0.5, agent_cost_usd=0.25),
        attempt("differs", cost_usd=0.5, agent_cost_usd=0.5),
        attempt("silent", cost_usd=0.5, agent_cost_usd=None),
        attempt("unbilled", cost_usd=None, agent_cost_usd=0.5),
        attempt("free", cost_usd=0.0, agent_cost_usd=0.1),
    ]
    differs, free = cost_differences(attempts)
    assert (str(differs.candidate), differs.attempts, differs.billed_usd, differs.agent_usd) == (
        "differs",
        2,
        1.0,
        0.75,
    )
    assert str(free) == "free: the agent says $0.100000 for 1 attempts that were billed $0.000000"
