"""What a cascade would have saved and lost: a local answer where it is sure, the model's elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from msgspec import Struct

from routelab.classifier import asks_model
from routelab.grading import grade_classification
from routelab.records import Attempt, Classification, ClassifierCase, NormalisedRequest

THRESHOLDS = tuple(step / 20 for step in range(21))


class CascadeCase(Struct, frozen=True, kw_only=True):
    """One request answered by both stages; scores are 0 to 1, `model_cost_usd` None is unknown."""

    case_id: str
    confidence: float | None
    local_score: float
    local_route: float
    model_score: float
    model_route: float
    model_cost_usd: float | None


class CascadePoint(Struct, frozen=True, kw_only=True):
    """A cascade at one threshold, on all its cases.

    `asked` is the share of requests that the model is asked; `avg_cost_usd` and `saved` (the share
    of the model's cost that is not spent) are None where a cost is unknown, `saved` also where the
    model is free. `lost` is how much lower the score is than the model's alone; below 0 it is a gain.
    """

    threshold: float
    asked: float
    score: float
    route_accuracy: float
    avg_cost_usd: float | None
    saved: float | None
    lost: float


def cascade_cases(
    cases: Mapping[str, ClassifierCase],
    local: Callable[[NormalisedRequest], Classification],
    model: Iterable[Attempt],
) -> list[CascadeCase]:
    """Both stages' answers to every request that the model has an outcome for.

    `model` are the outcomes of one candidate; a case's score and cost are means over repetitions.
    """
    by_case: defaultdict[str, list[Attempt]] = defaultdict(list)
    for outcome in model:
        by_case[outcome.case_id].append(outcome)
    return [_both(cases[case_id], local(cases[case_id].input), found) for case_id, found in by_case.items()]


def _both(case: ClassifierCase, local: Classification, model: Sequence[Attempt]) -> CascadeCase:
    return CascadeCase(
        case_id=case.id,
        confidence=local.confidence,
        local_score=grade_classification(case.expected, local),
        local_route=float(local.route == case.expected.route),
        model_score=fmean(item.score or 0.0 for item in model),
        model_route=fmean(float(item.route_correct or False) for item in model),
        model_cost_usd=_mean([item.cost_usd for item in model]),
    )


def cascade_curve(cases: Sequence[CascadeCase], thresholds: Sequence[float] = THRESHOLDS) -> list[CascadePoint]:
    """A point a threshold, in the order given; empty without cases.

    0 asks the model never. The golden set that this is read off is no test of the threshold that is
    then chosen: on other requests expect a little less.
    """
    return [_point(cases, threshold) for threshold in thresholds] if cases else []


def _point(cases: Sequence[CascadeCase], threshold: float) -> CascadePoint:
    asked = [asks_model(case.confidence, threshold) for case in cases]
    pairs = list(zip(cases, asked, strict=True))
    cost = _mean([case.model_cost_usd if ask else 0.0 for case, ask in pairs])
    alone = _mean([case.model_cost_usd for case in cases])
    score = fmean(case.model_score if ask else case.local_score for case, ask in pairs)
    return CascadePoint(
        threshold=threshold,
        asked=fmean(asked),
        score=score,
        route_accuracy=fmean(case.model_route if ask else case.local_route for case, ask in pairs),
        avg_cost_usd=cost,
        saved=None if cost is None or not alone else 1 - cost / alone,
        lost=fmean(case.model_score for case in cases) - score,
    )


def _mean(costs: Sequence[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return fmean(known) if len(known) == len(costs) else None
