"""What agents say they cost, beside what the endpoint billed."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from routelab.records import Attempt, Candidate

_TOLERANCE = 0.01


class CostDifference(Struct, frozen=True):
    """A candidate whose agent's own figure is more than 1% off, summed over attempts that have both (USD)."""

    candidate: Candidate
    attempts: int
    billed_usd: float
    agent_usd: float

    def __str__(self) -> str:
        return (
            f"{self.candidate}: the agent says ${self.agent_usd:.6f} for {self.attempts} attempts "
            f"that were billed ${self.billed_usd:.6f}"
        )


def cost_differences(attempts: Iterable[Attempt]) -> list[CostDifference]:
    """The candidates whose two figures differ."""
    both: defaultdict[Candidate, list[tuple[float, float]]] = defaultdict(list)
    for attempt in attempts:
        if attempt.cost_usd is not None and attempt.agent_cost_usd is not None:
            both[attempt.candidate].append((attempt.cost_usd, attempt.agent_cost_usd))
    found = [
        CostDifference(candidate, len(pairs), sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs))
        for candidate, pairs in both.items()
    ]
    return [item for item in found if abs(item.agent_usd - item.billed_usd) > _TOLERANCE * item.billed_usd]
