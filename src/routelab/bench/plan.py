"""Cutting a run into lanes."""

from collections.abc import Container, Sequence

from msgspec import Struct

from routelab.errors import UserError
from routelab.records import Candidate

CHUNK_SIZE = 5


class LanePlan(Struct, frozen=True, kw_only=True):
    """The work of one lane, in order; `case_ids` leaves out what has its row already."""

    candidate: Candidate
    repetition: int
    shard: int
    case_ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """For logs and rows, for example `sim/atlas-large@high r1 s0`."""
        return f"{self.candidate} r{self.repetition} s{self.shard}"


def shard_count(*, candidates: int, repetitions: int, chunks: int, budget: int) -> int:
    """How many lanes share one (candidate, repetition).

    min(chunks, floor(budget / (candidates * repetitions))), where `budget` counts lanes. 0 where
    nothing is to be measured, or where not even one lane each fits.
    """
    pairs = candidates * repetitions
    return min(chunks, budget // pairs) if pairs > 0 else 0


def chunk_cases(case_ids: Sequence[str]) -> list[tuple[str, ...]]:
    """The cases in chunks of five, in order; the last may be shorter."""
    return [tuple(case_ids[start : start + CHUNK_SIZE]) for start in range(0, len(case_ids), CHUNK_SIZE)]


def plan_lanes(
    candidates: Sequence[Candidate],
    case_ids: Sequence[str],
    *,
    repetitions: int,
    max_concurrency: int,
    done: Container[tuple[Candidate, int, str]] = frozenset(),
) -> list[LanePlan]:
    """The lanes that measure `candidates`, at most `max_concurrency` of them.

    A lane of shard s runs chunks s, s + shards, s + 2 shards and so on. `done` holds the
    (candidate, repetition, case id) that have their row; lanes with nothing left are dropped.

    Raises UserError when the candidates do not fit.
    """
    chunks = chunk_cases(case_ids)
    shards = shard_count(
        candidates=len(candidates), repetitions=repetitions, chunks=len(chunks), budget=max_concurrency
    )
    if candidates and chunks and shards == 0:
        raise UserError(
            f"{len(candidates)} candidates x {repetitions} repetitions need as many lanes, "
            f"but limits.max_concurrency is {max_concurrency}; raise it or measure fewer candidates at a time"
        )
    lanes = []
    for candidate in candidates:
        for repetition in range(1, repetitions + 1):
            for shard in range(shards):
                left = tuple(
                    case_id
                    for chunk in chunks[shard::shards]
                    for case_id in chunk
                    if (candidate, repetition, case_id) not in done
                )
                if left:
                    lanes.append(LanePlan(candidate=candidate, repetition=repetition, shard=shard, case_ids=left))
    return lanes
