"""How good the local classifier is on golden requests: score, calibration and latency."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from msgspec import Struct

from routelab.classifier.local import LocalClassifier
from routelab.grading import grade_classification
from routelab.records import GRADED_FIELDS, Classification, ClassifierCase
from routelab.stats import nearest_rank

BINS = 10


class ReliabilityBin(Struct, frozen=True):
    """The answers whose confidence lies from `low` to `high`: how sure they were, and how many were right."""

    low: float
    high: float
    cases: int
    confidence: float
    right: float


class LocalReport(Struct, frozen=True, kw_only=True):
    """Everything is a share of the cases but the latencies; `tags` holds route accuracy by tag."""

    cases: int
    score: float
    route_accuracy: float
    fields: dict[str, float]
    tags: dict[str, float]
    reliability: list[ReliabilityBin]
    calibration_error: float
    p50_latency_ms: float | None
    p95_latency_ms: float | None


def grade_local(classifier: LocalClassifier, cases: Mapping[str, ClassifierCase]) -> LocalReport:
    """Classify and grade every request by the project's own grading."""
    right: defaultdict[str, list[float]] = defaultdict(list)
    scores, latencies, answers = [], [], []
    for case in cases.values():
        began = time.perf_counter()
        found = classifier.classify(case.input)
        latencies.append((time.perf_counter() - began) * 1000)
        scores.append(grade_classification(case.expected, found))
        answers.append((found.confidence or 0.0, found.route == case.expected.route))
        for tag in case.tags or ["untagged"]:
            right[tag].append(found.route == case.expected.route)
        for field in GRADED_FIELDS:
            right[field].append(_agrees(case.expected, found, field))
    reliability = reliability_table(answers)
    return LocalReport(
        cases=len(cases),
        score=fmean(scores),
        route_accuracy=fmean(correct for _, correct in answers),
        fields={field: fmean(right[field]) for field in GRADED_FIELDS},
        tags={tag: fmean(right[tag]) for tag in sorted(right.keys() - set(GRADED_FIELDS))},
        reliability=reliability,
        calibration_error=calibration_error(reliability),
        p50_latency_ms=nearest_rank(latencies, 0.50),
        p95_latency_ms=nearest_rank(latencies, 0.95),
    )


def _agrees(expected: Classification, found: Classification, field: str) -> bool:
    return bool(getattr(expected, field) == getattr(found, field))


def reliability_table(answers: Sequence[tuple[float, bool]]) -> list[ReliabilityBin]:
    """(confidence, right) pairs in ten bins of equal width; empty bins are left out."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in answers:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return [
        ReliabilityBin(
            low=place / BINS,
            high=(place + 1) / BINS,
            cases=len(found),
            confidence=fmean(confidence for confidence, _ in found),
            right=fmean(right for _, right in found),
        )
        for place, found in sorted(bins.items())
    ]


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """The expected calibration error: the mean gap between confidence and share right, by cases.

    Source: Naeini et al. (2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
    """
    cases = sum(item.cases for item in bins)
    return sum(item.cases * abs(item.confidence - item.right) for item in bins) / cases if cases else 0.0
