"""Gathering what the page shows. Nothing here waits for more than memory."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from routelab import __version__
from routelab.decision import decide, explain
from routelab.records import Policy, RoutingTable, TableCandidate
from routelab_serve.contract import ClassifierProblem
from routelab_serve.page.data import Activity, PageData, RouteView, ShadowTally, Shown, SinceStart
from routelab_serve.page.reasons import why_not, why_picked
from routelab_serve.tables import Live

if TYPE_CHECKING:
    from routelab_serve.metrics import Metrics

_AGREES = {"yes": "same", "no": "other"}


def collect(
    live: Live,
    *,
    now: datetime,
    activity: Activity | None = None,
    log_problem: str | None = None,
    counts: SinceStart | None = None,
    classifier: str | None = None,
    classifier_problem: ClassifierProblem | None = None,
) -> PageData:
    """The page's data; the arguments are its fields."""
    table = live.table
    return PageData(
        now=now,
        version=__version__,
        table=table,
        table_problem=live.problem,
        classifier=classifier,
        classifier_problem=classifier_problem,
        routes=() if table is None else tuple(_view(route, table) for route in table.routes),
        activity=activity,
        log_problem=log_problem,
        counts=counts,
    )


def since_start(metrics: "Metrics") -> SinceStart:
    """What the metrics count, read on the event loop that counts."""
    sums: defaultdict[str, int] = defaultdict(int)
    by_label: defaultdict[str, dict[str, int]] = defaultdict(dict)
    tallies: dict[str, ShadowTally] = {}
    for family in metrics.collect():
        for sample in family.samples:
            name, labels, value = sample.name.removeprefix("routelab_"), sample.labels, int(sample.value)
            sums[name] += value
            if name == "shadow_answers_total":
                _add(tallies, labels["router"], labels["outcome"], labels["agrees"], value)
            elif len(labels) == 1:
                by_label[name].update(dict.fromkeys(labels.values(), value))
    return SinceStart(
        decisions=sums["decisions_total"],
        nulls=sums["null_decisions_total"],
        rate_limited=sums["rate_limited_requests_total"],
        session_errors=by_label["session_errors_total"],
        table_problems=by_label["table_problems_total"],
        log_dropped=by_label["decision_log_entries_total"].get("dropped", 0),
        log_fails=sums["decision_log_failing"] > 0,
        shadows=tuple(tallies.values()),
    )


def _add(tallies: dict[str, ShadowTally], router: str, outcome: str, agrees: str, count: int) -> None:
    field = _AGREES.get(agrees, "neither") if outcome == "answered" else outcome
    tally = tallies.get(router, ShadowTally(router=router))
    tallies[router] = replace(tally, **{field: getattr(tally, field) + count})


def _view(route: str, table: RoutingTable) -> RouteView:
    ranked = table.routes[route]
    decision = decide(route, table)
    most_accurate = decide(route, table, policy=Policy("best_accuracy"))
    verdicts = explain(decision, route, table)
    picks = [given for given, told in zip(ranked, verdicts, strict=True) if told.verdict == "chosen"]
    pick = picks[0] if picks else None
    is_same = decision is None or most_accurate is None or most_accurate.candidate == decision.candidate
    return RouteView(
        route=route,
        pick=pick,
        most_accurate=None if is_same else most_accurate,
        candidates=tuple(Shown(given, given is pick, _why(given, pick, table, ranked)) for given in ranked),
    )


def _why(
    given: TableCandidate, pick: TableCandidate | None, table: RoutingTable, ranked: tuple[TableCandidate, ...]
) -> str:
    if pick is None:
        return ""
    return why_picked(pick, ranked, table) if given is pick else why_not(given, pick, table)
