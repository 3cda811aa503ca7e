"""Counting the last hour of a decision log."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from routelab.decision_log import LoggedDecision, LoggedShadow, scan
from routelab_serve.breath import in_small_bites
from routelab_serve.page.data import Activity, ShadowTally

_HOUR = timedelta(hours=1)
_MINUTES = 60
_MAX_ROWS = 20_000


def last_hour(path: Path, now: datetime) -> Activity:
    """What the log at `path` holds of the hour before `now`: at most 20,000 of its rows are read.

    A log that nobody has written to yet is an empty one. Blocks; it gives way to other threads
    often. Raises UserError when the log cannot be read.
    """
    if not path.exists():
        return Activity()
    rows: dict[str, LoggedDecision] = {}
    is_partial = False
    for row in in_small_bites(scan(path, LoggedDecision, now - _HOUR)):
        if len(rows) >= _MAX_ROWS:
            is_partial = True
            break
        rows.setdefault(row.decision_id, row)
    answers = in_small_bites(islice(scan(path, LoggedShadow, now - _HOUR), _MAX_ROWS))
    return _counted(list(rows.values()), is_partial, now, shadows=_tallies(answers))


def _counted(rows: list[LoggedDecision], is_partial: bool, now: datetime, shadows: tuple[ShadowTally, ...]) -> Activity:
    decided = [row for row in rows if row.model is not None]
    p50, p95 = _percentiles([(row.total_ms, row.weight) for row in rows if row.total_ms is not None])
    return Activity(
        rows=len(rows),
        oldest=min((row.at for row in rows), default=None),
        is_partial=is_partial,
        is_sampled=any(row.weight > 1 for row in rows),
        decisions=sum(row.weight for row in rows),
        sticky=sum(row.weight for row in rows if row.sticky),
        cached=sum(row.weight for row in rows if row.cached),
        fallbacks=sum(row.weight for row in rows if row.fallback),
        cost_usd=sum(row.weight * (row.classifier_cost_usd or 0.0) for row in rows),
        unknown_costs=sum(row.weight for row in rows if row.classifier_cost_usd is None),
        p50_ms=p50,
        p95_ms=p95,
        by_minute=_by_minute(rows, now),
        by_model=_sums(decided, lambda row: f"{row.model}@{row.variant}" if row.variant else row.model),
        by_source=_sums(decided, lambda row: row.source),
        by_switch_reason=_sums((row for row in decided if row.switch_reason), lambda row: row.switch_reason),
        by_null_reason=_sums((row for row in rows if row.model is None), lambda row: row.reason),
        by_route=_sums(decided, lambda row: row.route),
        shadows=shadows,
    )


def _sums(rows: Iterable[LoggedDecision], label: Callable[[LoggedDecision], str | None]) -> dict[str, float]:
    """The weights of the rows by label, the greatest first."""
    sums: defaultdict[str, float] = defaultdict(float)
    for row in in_small_bites(rows):
        sums[label(row) or "not told"] += row.weight
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _by_minute(rows: Iterable[LoggedDecision], now: datetime) -> tuple[float, ...]:
    minutes = [0.0] * _MINUTES
    for row in rows:
        ago = int((now - row.at) / timedelta(minutes=1))
        minutes[_MINUTES - 1 - min(_MINUTES - 1, max(0, ago))] += row.weight
    return tuple(minutes)


def _percentiles(weighted: list[tuple[float, float]]) -> tuple[float | None, float | None]:
    """The smallest values that half, and 95 of 100, of the traffic did not exceed; None without any."""
    if not weighted:
        return None, None
    weighted.sort()
    cumulated = list(accumulate(weight for _, weight in weighted))
    p50, p95 = (weighted[bisect_left(cumulated, cumulated[-1] * part)][0] for part in (0.5, 0.95))
    return p50, p95


def _tallies(answers: Iterable[LoggedShadow]) -> tuple[ShadowTally, ...]:
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    seen: set[tuple[str, str]] = set()
    for answer in answers:
        if (key := (answer.decision_id, answer.router)) not in seen:
            seen.add(key)
            counts[answer.router][_kind(answer)] += answer.weight
    return tuple(ShadowTally(router=router, **kinds) for router, kinds in sorted(counts.items()))


def _kind(answer: LoggedShadow) -> str:
    if answer.outcome != "answered":
        return answer.outcome
    return "neither" if answer.agrees is None else "same" if answer.agrees else "other"
