"""The page: one HTML document that asks for nothing else."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files

from routelab.records import Evidence
from routelab.records.tables import Source
from routelab.wording import notice
from routelab_serve.page.data import PageData
from routelab_serve.page.hour_view import hour_section, shadow_section
from routelab_serve.page.markup import Markup, element, join
from routelab_serve.page.reasons import problems
from routelab_serve.page.routes_view import routes_section
from routelab_serve.page.units import age, number, percent

STYLE = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
STYLE_HASH = "sha256-" + b64encode(sha256(STYLE.encode()).digest()).decode()
"""What a Content-Security-Policy calls the style by."""


def render(data: PageData) -> str:
    """The page as HTML. Everything that comes from outside is escaped."""
    loud = None if data.table is None else notice(data.table.source)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", "SIMULATED: " if data.table and data.table.source == "simulated" else "", "routelab"),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(STYLE)),
    )
    body = element(
        "body",
        element("p", loud, class_="notice", role="note") if loud else None,
        element("main", _header(data), _problems(data), hour_section(data), routes_section(data), shadow_section(data)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _header(data: PageData) -> Markup:
    return element(
        "header",
        element("h1", "routelab"),
        element("p", f"As of {data.now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC", class_="soft"),
        element(
            "dl",
            [element("div", element("dt", name), element("dd", told)) for name, told in _facts(data)],
            class_="facts",
        ),
    )


def _facts(data: PageData) -> Iterator[tuple[str, str | Markup]]:
    table = data.table
    if table is not None:
        yield "Table", element("code", table.version)
        yield "Source", _source(table.source)
        yield "Published", _when(table.published_at, data.now)
        yield "Measured", _when(table.generated_at, data.now)
        yield "Picks", _evidence_counts(data)
        yield "Needed", f"{percent(table.min_accuracy)} accuracy, at {percent(table.confidence)} two-sided confidence"
    if data.classifier is not None:
        yield "Classifier", element("bdi", data.classifier)
    yield "Shim", f"version {data.version}"
    if data.counts is not None:
        answers = number(data.counts.decisions + data.counts.nulls)
        yield "Answers", f"{answers} by this process since its start"


def _source(source: Source) -> str | Markup:
    return element("strong", source.upper()) if notice(source) else source


def _evidence_counts(data: PageData) -> str:
    picks = [view.pick.evidence for view in data.routes if view.pick is not None]
    kinds: tuple[Evidence, ...] = ("proven", "unproven", "rejected")
    told = ", ".join(f"{picks.count(kind)} {kind}" for kind in kinds if kind in picks)
    return f"{told or 'none'}, on {len(data.routes)} routes"


def _when(stamp: str | None, now: datetime) -> str | Markup:
    if stamp is None:
        return "not told"
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return element("bdi", stamp)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return join([age(now - moment), element("span", f" ({moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC)", class_="soft")])


def _problems(data: PageData) -> Markup:
    found = problems(data)
    if not found:
        return element("p", "No problems are known.", class_="fine")
    heading = element("h2", "Problems" if len(found) > 1 else "Problem")
    return element("section", heading, element("ul", [element("li", one) for one in found]), class_="problems")
