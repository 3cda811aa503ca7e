"""Why a candidate is picked or not, and what is wrong with the shim, in plain words."""

from collections.abc import Iterator, Mapping, Sequence

from routelab.ranking import evidence_group
from routelab.records import RoutingTable, TableCandidate
from routelab.table import TableProblem
from routelab_serve.contract import ClassifierProblem
from routelab_serve.page.data import Activity, PageData, SinceStart
from routelab_serve.page.units import number, percent, share

_TABLE_PROBLEMS: dict[TableProblem, str] = {
    "unpublished": "No routing table is published.",
    "source": "The published table is of a source that serve.sources does not allow.",
    "taxonomy": "The published table is for another taxonomy than the one requests are classified with.",
    "empty": "The published table has a route without a candidate.",
    "virtual": "The published table routes to a virtual model, which would ask this shim again.",
    "untrusted": "The published table cannot be trusted: it is damaged or was changed after it was written.",
    "store": "The store that holds the routing table cannot be read.",
    "file": "The file that holds the routing table cannot be read.",
    "shim": "The shim that this one takes its routing table from cannot be read.",
}
_CLASSIFIER_PROBLEMS: dict[ClassifierProblem, str] = {
    "local": "The local classifier cannot be loaded, so that requests are routed by a guess.",
    "endpoint": "The classifier's endpoint fails or is late; until it answers again, requests are routed by a guess.",
}


def why_picked(pick: TableCandidate, ranked: Sequence[TableCandidate], table: RoutingTable) -> str:
    """Why the pick stands first among the candidates of its route."""
    group = evidence_group(pick, table.rule)
    rivals = sum(evidence_group(candidate, table.rule) == group for candidate in ranked)
    line = percent(table.min_accuracy)
    if group == 2:
        alone = "It is the only candidate" if rivals == 1 else f"It is the most accurate of {rivals}"
        return f"No candidate reaches {line}. {alone} and serves all the same."
    if table.rule == "point":
        what = f"reach {line} on the measured cases" if rivals > 1 else f"reaches {line} on the measured cases"
    elif group == 0:
        what = f"are proven to reach {line}" if rivals > 1 else f"is proven to reach {line}"
    else:
        what = f"reach {line}, though without proof" if rivals > 1 else f"reaches {line}, though without proof"
    start = "Nothing is proven here yet. " if table.rule == "proven" and group == 1 else ""
    if rivals == 1:
        return f"{start}It is the only candidate that {what}."
    return f"{start}Of {rivals} candidates that {what}, it costs least per right answer."


def why_not(candidate: TableCandidate, pick: TableCandidate, table: RoutingTable) -> str:
    """Why a candidate stands behind the pick."""
    group = evidence_group(candidate, table.rule)
    if group > evidence_group(pick, table.rule):
        if candidate.evidence == "rejected":
            return f"Proven to be below {percent(table.min_accuracy)}."
        if group == 2:
            return f"Below {percent(table.min_accuracy)} on the measured cases, though not proven to be."
        return "Not proven: more cases could settle it."
    if group == 2:
        return "Less accurate." if candidate.accuracy < pick.accuracy else "As accurate, but costs more."
    theirs, ours = _per_right_answer(candidate), _per_right_answer(pick)
    if theirs is None or ours is None or theirs <= ours * 1.005:
        return "Costs as much per right answer, and is ranked lower."
    return f"Costs {_times(theirs, ours)} per right answer."


def problems(data: PageData) -> list[str]:
    """What a person should know first, the gravest first."""
    found: list[str] = []
    if data.table_problem is not None:
        sentence = _TABLE_PROBLEMS[data.table_problem]
        goes_on = "Every answer is null until there is a usable one." if data.table is None else ""
        if data.table is not None:
            goes_on = "The last good table goes on serving."
        found.append(f"{sentence} {goes_on}")
    if data.classifier_problem is not None:
        found.append(_CLASSIFIER_PROBLEMS[data.classifier_problem])
    empty = [view.route for view in data.routes if view.pick is None]
    if empty:
        found.append(f"Nobody can serve {', '.join(empty)}: the table has no candidate there.")
    if data.log_problem is not None:
        found.append(data.log_problem)
    if data.activity is not None:
        found += _of_the_hour(data.activity)
    if data.counts is not None:
        found += _since_start(data.counts)
    return found


def _of_the_hour(seen: Activity) -> Iterator[str]:
    foreign = {source: count for source, count in seen.by_source.items() if source in ("simulated", "imported")}
    if foreign:
        yield f"Decisions of the last hour were not made from our own measurements: {_listed(foreign)}."
    if seen.nulls:
        reasons = _listed(seen.by_null_reason)
        yield f"{_of(seen.nulls, seen.decisions)} in the last hour had no decision: {reasons}."
    if seen.fallbacks:
        yield (
            f"{_of(seen.fallbacks, seen.decisions)} in the last hour were routed by a guess, "
            "since no classifier answered."
        )


def _since_start(counts: SinceStart) -> Iterator[str]:
    if counts.log_fails:
        yield "The decision log cannot be written; the last write failed."
    if counts.log_dropped:
        yield f"The decision log has lost {number(counts.log_dropped)} entries since the start."
    if counts.table_problems:
        yield f"Readings of the table that were of no use since the start: {_listed(counts.table_problems)}."
    if counts.session_errors:
        yield f"The session store had troubles since the start: {_listed(counts.session_errors)}."
    if counts.rate_limited:
        yield f"Requests refused since the start because they came too soon: {number(counts.rate_limited)}."


def _listed(counts: Mapping[str, float]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name.replace('_', ' ')} ({number(count)})" for name, count in ordered)


def _of(part: float, whole: float) -> str:
    return f"{number(part)} of {number(whole)} answers ({share(part, whole)})"


def _per_right_answer(candidate: TableCandidate) -> float | None:
    if candidate.avg_cost_usd is None or not candidate.accuracy:
        return None
    return candidate.avg_cost_usd / candidate.accuracy


def _times(theirs: float, ours: float) -> str:
    if not ours or theirs / ours >= 1000:
        return "far more"
    ratio = theirs / ours
    return f"{ratio - 1:.0%} more" if ratio < 2 else f"{ratio:.2g} times as much"
