"""Classifiers that run inside the process instead of on an endpoint."""

from collections.abc import Iterable

from routelab.errors import UserError
from routelab.records import Candidate

LOCAL = Candidate("local/tfidf")


def is_local(candidate: Candidate) -> bool:
    """Whether a candidate is answered inside the process; no endpoint lists it, and it costs nothing."""
    return candidate.model.startswith("local/")


def check_local(candidates: Iterable[Candidate]) -> None:
    """Make sure that every local candidate exists; raises UserError."""
    unknown = [str(item) for item in candidates if is_local(item) and item != LOCAL]
    if unknown:
        raise UserError(f"there is no local classifier {', '.join(unknown)}; the one there is is {LOCAL}")
