"""The parts of the page about the last hour."""

from collections.abc import Iterator, Mapping
from datetime import UTC

from routelab.wording import usd
from routelab_serve.page.bars import minutes, share_bar
from routelab_serve.page.data import Activity, PageData, ShadowTally
from routelab_serve.page.markup import Markup, element, join
from routelab_serve.page.units import milliseconds, number, share

_MOST = 8
_SWITCHES = {
    "cost": "another is cheaper by enough",
    "accuracy": "another is more accurate by enough",
    "capability": "the request needs what the model lacks",
    "threshold": "the model is no longer good enough",
    "unavailable": "the model may not serve here",
}


def hour_section(data: PageData) -> Markup:
    """Decisions and switches of the last hour."""
    seen = data.activity
    if seen is None:
        told = "They are not known." if data.log_problem else "This shim keeps no decision log, so they are not known."
        content: Markup = element("p", told)
    elif not seen.rows:
        content = element("p", "The decision log holds none.")
    else:
        content = join([*_caveats(seen), _tiles(seen), _by_minute(seen), _counts(seen)])
    return element("section", element("h2", "Decisions of the last hour"), content, id="hour")


def shadow_section(data: PageData) -> Markup | None:
    """How far shadow routers agree: in the last hour, else since the start; None: nobody was asked."""
    if data.activity is not None and data.activity.shadows:
        tallies, span = data.activity.shadows, "in the last hour"
    elif data.counts is not None and data.counts.shadows:
        tallies, span = data.counts.shadows, "since this process started"
    else:
        return None
    lead = element("p", f"Routers asked beside ours {span}. Their answers are logged, never served.", class_="soft")
    return element(
        "section",
        element("h2", "Shadow routers"),
        lead,
        element("ul", map(_shadow, tallies), class_="counts"),
        id="shadow",
    )


def _shadow(tally: ShadowTally) -> Markup:
    compared = tally.same + tally.other
    told = "nothing to compare yet"
    if tally.agreement is not None:
        told = f"{share(tally.same, compared)} agree ({number(tally.same)} of {number(compared)})"
    others = {"answered without a model": tally.neither, "skipped": tally.skipped, "failed": tally.failed}
    rest = ", ".join(f"{number(count)} {name}" for name, count in others.items() if count)
    return _bar_row(tally.router, tally.same, compared, told, rest)


def _caveats(seen: Activity) -> Iterator[Markup]:
    if seen.is_partial and seen.oldest is not None:
        told = f"The hour had more answers than are counted here: {number(seen.rows)} of them, back to"
        yield element("p", f"{told} {seen.oldest.astimezone(UTC):%H:%M:%S} UTC.", class_="caveat")
    if seen.is_sampled:
        told = "The log keeps a sample of plain successes; the numbers are scaled up from it."
        yield element("p", told, class_="soft")


def _tiles(seen: Activity) -> Markup:
    about = "≈ " if seen.is_sampled else ""
    unknown = f", unknown for {number(seen.unknown_costs)}" if seen.unknown_costs else ""
    tiles = [
        (about + number(seen.decisions), "answers counted" if seen.is_partial else "answers"),
        (number(seen.switches), f"switches, {share(seen.switches, seen.decisions)}"),
        (number(seen.nulls), "without a decision"),
        (share(seen.sticky, seen.decisions), "kept their model"),
        (share(seen.cached, seen.decisions), "classified from cache"),
        (usd(seen.cost_usd), f"for classifying{unknown}"),
        (milliseconds(seen.p50_ms), f"median time, p95 {milliseconds(seen.p95_ms)}"),
    ]
    return element("dl", [_tile(value, name) for value, name in tiles], class_="tiles")


def _tile(value: str, name: str) -> Markup:
    return element("div", element("dd", value), element("dt", name))


def _by_minute(seen: Activity) -> Markup:
    legend = element("span", "60 minutes ago"), element("span", f"at most {number(max(seen.by_minute))} a minute")
    return element(
        "figure", minutes(seen.by_minute), element("figcaption", legend, element("span", "now")), class_="hour"
    )


def _counts(seen: Activity) -> Markup:
    switches = {
        f"{reason}: {_SWITCHES[reason]}" if reason in _SWITCHES else reason: count
        for reason, count in seen.by_switch_reason.items()
    }
    sources = {
        name.upper() if name in ("simulated", "imported") else name: count for name, count in seen.by_source.items()
    }
    return element(
        "div",
        _block("By model", seen.by_model),
        _block("Switches by reason", switches),
        _block("By source of the evidence", sources),
        _block("Without a decision", seen.by_null_reason),
        class_="blocks",
    )


def _block(title: str, counts: Mapping[str, float]) -> Markup | None:
    if not counts:
        return None
    total = sum(counts.values())
    listed = list(counts.items())
    if len(listed) > _MOST:
        rest = listed[_MOST - 1 :]
        listed = [*listed[: _MOST - 1], (f"{len(rest)} others", sum(count for _, count in rest))]
    rows = [_bar_row(name, count, total, f"{number(count)}, {share(count, total)}") for name, count in listed]
    return element("div", element("h3", title), element("ul", rows, class_="counts"))


def _bar_row(name: str, part: float, whole: float, told: str, more: str = "") -> Markup:
    return element(
        "li",
        element("span", element("bdi", name), class_="name"),
        element("span", told, class_="told"),
        share_bar(part, whole),
        element("span", more, class_="soft more") if more else None,
    )
