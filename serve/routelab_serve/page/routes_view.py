"""The part of the page about the live table: who would be picked on each route, and why."""

import re

from routelab.records import Evidence, RoutingTable, TableCandidate
from routelab.wording import count, usd
from routelab_serve.page.bars import evidence_bar, evidence_mark, interval
from routelab_serve.page.data import PageData, RouteView, Shown
from routelab_serve.page.markup import Markup, element, join
from routelab_serve.page.units import milliseconds, number, percent

_MOST = 12
_MEANINGS: dict[Evidence, str] = {
    "proven": "the whole interval reaches the line",
    "unproven": "the interval lies across the line, or is unknown",
    "rejected": "the whole interval lies below the line",
}


def routes_section(data: PageData) -> Markup:
    """Every route of the live table; its candidates open on demand."""
    heading = element("h2", "Routes")
    if data.table is None:
        return element("section", heading, element("p", "There is no usable routing table."), id="routes")
    return element(
        "section",
        heading,
        element("p", "Who serves a conversation that begins now. Open a route for all its candidates.", class_="soft"),
        _legend(data.table),
        [_route(view, data.table, _traffic(view, data)) for view in data.routes],
        id="routes",
    )


def _legend(table: RoutingTable) -> Markup:
    items = [element("li", _badge(evidence), f": {meaning}") for evidence, meaning in _MEANINGS.items()]
    line = element("li", element("span", class_="dash"), f" the line: {percent(table.min_accuracy)} needed")
    scale = element("li", "Bars run from 0% to 100%.")
    return element("ul", items, line, scale, class_="legend")


def _traffic(view: RouteView, data: PageData) -> str | None:
    seen = data.activity
    if seen is None or not seen.rows:
        return None
    return f"{number(seen.by_route.get(view.route, 0.0))} last hour"


def _route(view: RouteView, table: RoutingTable, traffic: str | None) -> Markup:
    name = element("span", element("bdi", _breakable(view.route)), class_="route")
    count = element("span", traffic, class_="traffic soft") if traffic else None
    if view.pick is None:
        told = element("span", "nobody can serve", class_="pick rejected")
        return element(
            "details", element("summary", name, told, count), element("p", "The table has no candidate here.")
        )
    summary = element(
        "summary",
        name,
        element("span", _named(view.pick), " ", _badge(view.pick.evidence), class_="pick"),
        evidence_bar(view.pick, table.min_accuracy),
        element("span", percent(view.pick.accuracy), class_="accuracy"),
        count,
        element("span", [shown.why for shown in view.candidates if shown.is_pick], class_="why soft"),
    )
    return element("details", summary, _opened(view, table))


def _opened(view: RouteView, table: RoutingTable) -> Markup:
    others = len(view.candidates) - _MOST
    accurate = view.most_accurate
    return element(
        "div",
        element("ol", [_candidate(shown, table) for shown in view.candidates[:_MOST]]),
        element("p", f"{others} more are ranked below.", class_="soft") if others > 0 else None,
        element("p", "In mode best_accuracy: ", element("bdi", str(accurate.candidate)), ".", class_="soft")
        if accurate
        else None,
        class_="opened",
    )


def _candidate(shown: Shown, table: RoutingTable) -> Markup:
    candidate = shown.candidate
    picked = element("strong", "picked", class_="picked") if shown.is_pick else None
    return element(
        "li",
        element("span", _named(candidate), " ", _badge(candidate.evidence), " ", picked, class_="pick"),
        evidence_bar(candidate, table.min_accuracy),
        element("span", percent(candidate.accuracy), class_="accuracy"),
        element("span", _numbers(candidate), class_="numbers soft"),
        None if shown.is_pick else element("span", shown.why, class_="why"),
        class_="is-pick" if shown.is_pick else None,
    )


def _numbers(candidate: TableCandidate) -> str:
    parts = [
        interval(candidate),
        None if candidate.cases is None else count(candidate.cases, "case"),
        f"{usd(candidate.avg_cost_usd)} each" if candidate.avg_cost_usd is not None else "cost unknown",
        None if candidate.p50_latency_ms is None else f"median {milliseconds(candidate.p50_latency_ms)}",
    ]
    return " · ".join(part for part in parts if part)


def _named(candidate: TableCandidate) -> Markup:
    variant = element("bdi", f"@{candidate.variant}", class_="variant") if candidate.variant else None
    return element("span", element("bdi", candidate.model), variant, class_="model")


def _breakable(route: str) -> list[Markup]:
    """The route, which may be broken after its slash and underscores."""
    parts = re.split(r"(?<=[/_])", route)
    return [join([element("wbr") if place else None, part]) for place, part in enumerate(parts)]


def _badge(evidence: Evidence) -> Markup:
    mark = element("svg", evidence_mark(evidence), class_="icon", viewBox="-8 -8 16 16", aria_hidden="true")
    return element("span", join([mark, evidence]), class_=f"badge {evidence}")
