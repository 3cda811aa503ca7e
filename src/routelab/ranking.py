"""Ranking of candidates on a route, and the choice of the classifier."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from routelab.records import Evidence, TableCandidate
from routelab.records.tables import Rule

S = TypeVar("S")
_FIELDS = tuple(TableCandidate.__struct_fields__)


def evidence_of(low: float | None, high: float | None, min_accuracy: float) -> Evidence:
    """What an accuracy interval proves about `min_accuracy`; a null interval proves nothing."""
    if low is not None and low >= min_accuracy:
        return "proven"
    if high is not None and high < min_accuracy:
        return "rejected"
    return "unproven"


def meets(accuracy: float | None, min_accuracy: float) -> bool:
    """Whether a point accuracy meets the threshold; 0 never does, whatever the threshold."""
    return accuracy is not None and accuracy > 0 and accuracy >= min_accuracy


def evidence_group(candidate: TableCandidate, rule: Rule) -> int:
    """The group a rule ranks a candidate in: 0 is best.

    Rule `proven`: proven, then unproven that meet the point threshold, then the rest. Rule
    `point`: those that meet the threshold, then the rest.
    """
    if not candidate.meets_threshold:
        return 2
    if rule == "proven":
        return {"proven": 0, "unproven": 1, "rejected": 2}[candidate.evidence]
    return 0


def rank(
    candidates: Iterable[TableCandidate | Mapping[str, Any] | Any],
    *,
    min_accuracy: float,
    rule: Rule = "proven",
) -> list[TableCandidate]:
    """The candidates of one route, best first, with `meets_threshold` and `evidence` set.

    Takes records, summaries or plain dicts with the routing table's field names. Left out are
    candidates without a graded case (`cases` 0 or accuracy None) or without a known cost. Within a
    group that meets the threshold the order is avg_cost_usd / accuracy ascending, then accuracy
    descending; elsewhere accuracy descending, then cost ascending. Model and variant settle what
    is left, so the order never depends on the input's.

    Raises ValueError for an unknown rule, a threshold outside 0..1, or a candidate whose fields are
    missing, of a wrong type or out of range.
    """
    if rule not in ("proven", "point"):
        raise ValueError(f"rule must be 'proven' or 'point', not {rule!r}")
    if not 0 <= min_accuracy <= 1:
        raise ValueError(f"min_accuracy must lie between 0 and 1, not {min_accuracy}")
    rows = (_fields(candidate) for candidate in candidates)
    judged = [_judge(row, min_accuracy) for row in rows if _is_rankable(row)]
    return sorted(judged, key=lambda candidate: _order(candidate, evidence_group(candidate, rule)))


def pick_classifier_winner(
    summaries: Sequence[S], *, min_accuracy: float, max_p95_latency_ms: float | None = None
) -> S | None:
    """The summary of the classifier to use, or None when nothing is graded.

    The cheapest that meets `min_accuracy` within `max_p95_latency_ms` (None: no limit); if none is
    within it, the lowest p95 among those that meet accuracy; if none meets accuracy, the most
    accurate, ties by cost. An unknown cost or latency ranks last.
    """
    graded = [(_fields(summary), summary) for summary in summaries]
    graded = [(row, summary) for row, summary in graded if _is_graded(row)]
    if not graded:
        return None
    good = [(row, summary) for row, summary in graded if meets(row["accuracy"], min_accuracy)]
    if not good:
        return min(graded, key=lambda pair: (-pair[0]["accuracy"], _cost(pair[0]), *_name(pair[0])))[1]
    quick = [pair for pair in good if max_p95_latency_ms is None or _p95(pair[0]) <= max_p95_latency_ms]
    if quick:
        return min(quick, key=lambda pair: (_cost(pair[0]), -pair[0]["accuracy"], *_name(pair[0])))[1]
    return min(good, key=lambda pair: (_p95(pair[0]), _cost(pair[0]), *_name(pair[0])))[1]


def _fields(candidate: Any) -> dict[str, Any]:
    if isinstance(candidate, Mapping):
        return {name: candidate[name] for name in _FIELDS if name in candidate}
    return {name: getattr(candidate, name) for name in _FIELDS if hasattr(candidate, name)}


def _is_graded(row: Mapping[str, Any]) -> bool:
    return row.get("accuracy") is not None and row.get("cases") != 0


def _is_rankable(row: Mapping[str, Any]) -> bool:
    return _is_graded(row) and row.get("avg_cost_usd") is not None


def _judge(row: dict[str, Any], min_accuracy: float) -> TableCandidate:
    candidate = msgspec.convert(row, type=TableCandidate)
    return msgspec.structs.replace(
        candidate,
        meets_threshold=meets(candidate.accuracy, min_accuracy),
        evidence=evidence_of(candidate.accuracy_low, candidate.accuracy_high, min_accuracy),
    )


def _order(candidate: TableCandidate, group: int) -> tuple[Any, ...]:
    cost = candidate.avg_cost_usd or 0.0
    name = (candidate.model, candidate.variant or "")
    if group == 2:
        return (group, -candidate.accuracy, cost, *name)
    return (group, cost / candidate.accuracy, -candidate.accuracy, *name)


def _cost(row: Mapping[str, Any]) -> float:
    cost = row.get("avg_cost_usd")
    return float("inf") if cost is None else float(cost)


def _p95(row: Mapping[str, Any]) -> float:
    latency = row.get("p95_latency_ms")
    return float("inf") if latency is None else float(latency)


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("model", "")), str(row.get("variant") or "")
