"""The sentences and units of reports."""

from datetime import timedelta

from routelab.stats import wilson
from routelab.wording import count, usd

UNKNOWN = "–"
_MOST_CASES = 100_000


def percent(share: float | None) -> str:
    """A share (0 to 1) as a percentage."""
    return UNKNOWN if share is None else f"{share:.1%}"


def interval(low: float | None, high: float | None) -> str:
    """An interval of shares as percentages."""
    return UNKNOWN if low is None or high is None else f"{low:.0%} to {high:.0%}"


def usd_per_thousand(amount: float | None) -> str:
    """A cost of one as the cost of a thousand."""
    return UNKNOWN if amount is None else usd(amount * 1000)


def milliseconds(value: float | None) -> str:
    """A time: whole milliseconds, below 10 with two significant digits, from a second on seconds."""
    if value is None:
        return UNKNOWN
    if value < 9.95:
        return f"{value:#.2g} ms"
    return f"{value:.0f} ms" if value < 999.5 else f"{value / 1000:.2f} s"


def duration(value: timedelta) -> str:
    """A wall time."""
    seconds = round(value.total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def cases_to_prove(min_accuracy: float, confidence: float) -> int | None:
    """How many cases a perfect score needs to prove `min_accuracy`; None: more than 100,000."""
    few, many = 0, _MOST_CASES
    if not _is_proof(many, min_accuracy, confidence):
        return None
    while many - few > 1:
        middle = (few + many) // 2
        if _is_proof(middle, min_accuracy, confidence):
            many = middle
        else:
            few = middle
    return many


def why_unproven(cases: int, min_accuracy: float, confidence: float) -> str:
    """Why nothing is proven where a candidate has this many cases, and how many a proof would need."""
    best, _ = wilson(cases, cases, confidence=confidence)
    reached = f"a candidate with every one of its {count(cases, 'case')} on a route right reaches accuracy_low = "
    needed = cases_to_prove(min_accuracy, confidence)
    if best is not None and best >= min_accuracy:
        return (
            f"Nothing is proven on any route: {reached}{percent(best)}, which would do for min_accuracy "
            f"{percent(min_accuracy)}, but none was that good."
        )
    wanted = (
        "no number of cases is enough" if needed is None else f"at least {needed} cases a route, all right, are needed"
    )
    return (
        f"Nothing can be proven on any route with so few cases: {reached}{percent(best)}, below min_accuracy "
        f"{percent(min_accuracy)}. At {confidence:.0%} two-sided confidence {wanted}."
    )


def _is_proof(cases: int, min_accuracy: float, confidence: float) -> bool:
    low, _ = wilson(cases, cases, confidence=confidence)
    return low is not None and low >= min_accuracy
