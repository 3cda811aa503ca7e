"""Executing classifier cases."""

import asyncio
from collections.abc import Mapping, Sequence

from routelab.bench.execution import Execution
from routelab.classifier import ClassificationResult, classify
from routelab.errors import BudgetError, EndpointError
from routelab.grading import grade_classification
from routelab.llm import EndpointClient
from routelab.records import Candidate, ClassifierCase, Completion, Usage
from routelab.taxonomy import Taxonomy


class ClassifierExecutor:
    """Classifies golden requests with the same code the shim runs; `timeout_s` bounds all calls of a case."""

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
        clock = asyncio.get_running_loop().time
        started = clock()
        deadline = started + self._timeout_s
        paid = Usage()

        async def complete(messages: Sequence[Mapping[str, str]]) -> Completion:
            nonlocal paid
            left = deadline - clock()
            if left <= 0:
                raise EndpointError(f"no valid answer within {self._timeout_s:g} s", kind="timeout")
            completion = await self._client.complete(candidate, messages, repetition=repetition, timeout_s=left)
            paid += completion.usage
            return completion

        try:
            result = await classify(case.input, self._taxonomy, complete)
        except BudgetError as error:
            return Execution(score=None, usage=paid + error.usage, latency_ms=(clock() - started) * 1000, error=error)
        ended = clock()
        return self._graded(case, result, (ended - started) * 1000, is_late=ended >= deadline)

    @staticmethod
    def _graded(case: ClassifierCase, result: ClassificationResult, latency_ms: float, *, is_late: bool) -> Execution:
        """The graded case. `is_late`: its own time is used up, so that a timeout is no failure of the endpoint."""
        error = result.endpoint_error
        timed_out = is_late and error is not None and error.kind == "timeout"
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
