"""Executing classifier cases with a classifier inside the process."""

import time
from collections.abc import Mapping

import msgspec

from routelab.bench.execution import Execution
from routelab.classifier.local import LocalClassifier
from routelab.grading import grade_classification
from routelab.records import Candidate, ClassifierCase, Usage


class LocalExecutor:
    """Classifies golden requests without an endpoint; it costs nothing, and its latency is measured."""

    def __init__(self, cases: Mapping[str, ClassifierCase], classifier: LocalClassifier) -> None:
        self._cases = cases
        self._classifier = classifier

    async def start(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:  # noqa: ARG002
        """Classify and grade one request; the event names the model, since it may be trained again."""
        case = self._cases[case_id]
        started = time.perf_counter()
        found = self._classifier.classify(case.input)
        latency_ms = (time.perf_counter() - started) * 1000
        return Execution(
            score=grade_classification(case.expected, found),
            usage=Usage(),
            latency_ms=latency_ms,
            route_correct=found.route == case.expected.route,
            output=msgspec.json.encode(found).decode(),
            events=(f"local model {self._classifier.sha256}",),
        )
