"""Executing classifier cases."""

import time
from collections.abc import Mapping, Sequence

from routelab.bench.execution import Execution
from routelab.classifier import ClassificationResult, classify
from routelab.errors import BudgetError
from routelab.grading import grade_classification
from routelab.llm import EndpointClient
from routelab.records import Candidate, ClassifierCase, Completion, Usage
from routelab.taxonomy import Taxonomy


class ClassifierExecutor:
    """Classifies golden requests with the same code the shim runs."""

    def __init__(
        self,
        cases: Mapping[str, ClassifierCase],
        taxonomy: Taxonomy,
        client: EndpointClient,
        *,
        timeout_s: float,
    ) -> None:
        self._cases = cases
        self._taxonomy = taxonomy
        self._client = client
        self._timeout_s = timeout_s

    async def start(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Nothing to give back."""

    async def execute(self, case_id: str, candidate: Candidate, repetition: int) -> Execution:
        """Classify and grade one request; a fallback scores 0, a failed endpoint is not graded."""
        case = self._cases[case_id]
        paid = Usage()

        async def complete(messages: Sequence[Mapping[str, str]]) -> Completion:
            nonlocal paid
            completion = await self._client.complete(
                candidate, messages, repetition=repetition, timeout_s=self._timeout_s
            )
            paid += completion.usage
            return completion

        started = time.perf_counter()
        try:
            result = await classify(case.input, self._taxonomy, complete)
        except BudgetError as error:
            elapsed_ms = (time.perf_counter() - started) * 1000
            return Execution(score=None, usage=paid, latency_ms=elapsed_ms, error=error)
        latency_ms = (time.perf_counter() - started) * 1000
        return self._graded(case, result, latency_ms)

    @staticmethod
    def _graded(case: ClassifierCase, result: ClassificationResult, latency_ms: float) -> Execution:
        error = result.endpoint_error
        timed_out = error is not None and error.kind == "timeout"
        infrastructure = error is not None and not timed_out
        found = result.classification
        return Execution(
            score=None if infrastructure else grade_classification(case.expected, found),
            usage=result.usage,
            latency_ms=latency_ms,
            error=error if infrastructure else None,
            error_kind="deadline" if timed_out else "invalid_output" if found.fallback else None,
            error_message=str(error) if error else None,
            route_correct=not found.fallback and found.route == case.expected.route,
            timed_out=timed_out,
            fallback_reason=result.fallback_reason,
            output=result.last_answer,
            events=tuple(str(failure) for failure in result.failures),
        )
