"""Small drawings: evidence on a scale from 0 to 1, shares, and an hour by minutes."""

from collections.abc import Sequence

from routelab.records import Evidence, TableCandidate
from routelab_serve.page.markup import Markup, element
from routelab_serve.page.units import percent

_MARKS: dict[Evidence, Markup] = {
    "proven": element("circle", r=5),
    "unproven": element("path", d="M0-6.5 6.5 0 0 6.5-6.5 0Z"),
    "rejected": element("path", d="M-5-5 5 5M5-5-5 5"),
}


def evidence_bar(candidate: TableCandidate, min_accuracy: float) -> Markup:
    """The accuracy as a mark, its interval as a bar around it, and the line that must be reached."""
    low, high = candidate.accuracy_low, candidate.accuracy_high
    span = None
    if low is not None and high is not None:
        width = _place(max(0.0, high - low))
        span = element("rect", class_="span", x=_place(low), y=5, width=width, height=10, rx=3)
    spoken = f"{candidate.evidence}: accuracy {percent(candidate.accuracy)}, {interval(candidate)}"
    return element(
        "svg",
        element("line", class_="scale", x1="0", x2="100%", y1=10, y2=10),
        span,
        element("line", class_="least", x1=_place(min_accuracy), x2=_place(min_accuracy), y1="0", y2=20),
        element("svg", evidence_mark(candidate.evidence), x=_place(candidate.accuracy), y=10, overflow="visible"),
        class_=f"bar {candidate.evidence}",
        role="img",
        aria_label=f"{spoken}, needed {percent(min_accuracy)}",
    )


def evidence_mark(evidence: Evidence) -> Markup:
    """The mark of an evidence, around 0: a disc, a diamond or a cross."""
    return element("g", _MARKS[evidence], class_="mark")


def interval(candidate: TableCandidate) -> str:
    """The interval in words."""
    if candidate.accuracy_low is None or candidate.accuracy_high is None:
        return "interval unknown"
    return f"{percent(candidate.accuracy_low)} to {percent(candidate.accuracy_high)}"


def share_bar(part: float, whole: float) -> Markup:
    """A part of a whole; the number stands beside it, so it is not read aloud."""
    width = _place(part / whole if whole else 0.0)
    bar = element("rect", class_="part", x="0", y="0", width=width, height="100%", rx=2)
    return element("svg", bar, class_="share", aria_hidden="true")


def minutes(counts: Sequence[float]) -> Markup:
    """One column a minute, the oldest first, as high as the busiest one allows."""
    most = max(counts, default=0.0)
    columns = [
        element("rect", x=place + 0.1, y=round(20 - height, 2), width=0.8, height=round(height, 2))
        for place, count in enumerate(counts)
        if most and (height := max(0.6, 20 * count / most)) and count
    ]
    return element(
        "svg",
        columns,
        class_="minutes",
        viewBox=f"0 0 {len(counts)} 20",
        preserveAspectRatio="none",
        role="img",
        aria_label=f"Answers by minute, at most {most:,.0f}",
    )


def _place(value: float) -> str:
    return f"{value * 100:.2f}%"
