"""Outcomes: the graded attempt that counts for each (candidate, case, repetition)."""

from collections.abc import Iterable, Sequence

from routelab.causes import FATAL_KINDS, OUTAGE_KINDS, RETRYABLE_KINDS
from routelab.records import Attempt, Candidate

Cell = tuple[Candidate, int, str]
_OUTAGES = 3
"""A cell that has used up its tries in so many outages is given up."""


def cell_of(attempt: Attempt) -> Cell:
    """(candidate, repetition, case id)."""
    return attempt.candidate, attempt.repetition, attempt.case_id


def outcomes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The last graded attempt of every cell, in the order the cells first came."""
    last: dict[Cell, Attempt] = {}
    for attempt in attempts:
        if attempt.status == "graded":
            last[cell_of(attempt)] = attempt
    return list(last.values())


def is_given_up(failures: Sequence[str], *, infrastructure_attempts: int) -> bool:
    """Whether a cell with these infrastructure failures (their kinds) is not tried again, nor on resume.

    One that no retry can mend is enough. What stopped the whole run, a reached money limit for
    example, was no try, and an outage says nothing about the cell; unless the cell has met outages
    again and again: then it may be what brings the endpoint down.
    """
    tries = [kind for kind in failures if kind not in FATAL_KINDS]
    counted = [kind for kind in tries if kind not in OUTAGE_KINDS]
    return (
        len(counted) >= infrastructure_attempts
        or any(kind not in RETRYABLE_KINDS for kind in counted)
        or len(tries) >= _OUTAGES * infrastructure_attempts
    )


def failures_by_cell(attempts: Iterable[Attempt]) -> dict[Cell, list[str]]:
    """The kinds of the infrastructure failures of each cell, in order."""
    failures: dict[Cell, list[str]] = {}
    for attempt in attempts:
        if attempt.status == "infrastructure":
            failures.setdefault(cell_of(attempt), []).append(attempt.error_kind or "unknown")
    return failures


def finished_cells(attempts: Sequence[Attempt], *, infrastructure_attempts: int) -> set[Cell]:
    """The cells that need no further attempt: graded or given up."""
    graded = {cell_of(attempt) for attempt in attempts if attempt.status == "graded"}
    return graded | {
        cell
        for cell, failures in failures_by_cell(attempts).items()
        if is_given_up(failures, infrastructure_attempts=infrastructure_attempts)
    }


def ungraded_cells(attempts: Sequence[Attempt]) -> list[Cell]:
    """The cells that have attempts, but none that was graded."""
    graded = {cell_of(attempt) for attempt in attempts if attempt.status == "graded"}
    seen = dict.fromkeys(cell_of(attempt) for attempt in attempts)
    return [cell for cell in seen if cell not in graded]
