"""Classify one request with a model, one retry, and a fallback that always answers."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from routelab.classifier.heuristic import heuristic
from routelab.classifier.parse import ParseFailure, parse
from routelab.classifier.prompt import build_messages, repair_messages
from routelab.errors import EndpointError
from routelab.records import Classification, Completion, NormalisedRequest, Usage
from routelab.taxonomy import Taxonomy

Complete = Callable[[list[dict[str, str]]], Awaitable[Completion]]
ATTEMPTS = 2
"""Calls that one classification may take."""
_REASON_CHARS = 120


class ClassificationResult(Struct, frozen=True, kw_only=True):
    """A classification and what it took.

    `usage` adds up every call, also the failed ones; its cost is unknown after one that was sent
    and not answered. `failures` are the invalid answers in order.
    `endpoint_error` is set when the endpoint failed, and the classification is then a fallback.
    """

    classification: Classification
    usage: Usage
    failures: tuple[ParseFailure, ...] = ()
    endpoint_error: EndpointError | None = None
    last_answer: str = ""

    @property
    def fallback_reason(self) -> str | None:
        """Why a heuristic answered, in at most 120 characters; None when a model did."""
        if not self.classification.fallback:
            return None
        if self.endpoint_error is not None:
            return self.endpoint_error.kind
        return f"invalid_output ({self.failures[-1].reason})"[:_REASON_CHARS]


async def classify(request: NormalisedRequest, taxonomy: Taxonomy, complete: Complete) -> ClassificationResult:
    """Ask the model behind `complete`; one retry on invalid output, then the heuristic fallback.

    `complete` gets the messages and returns a Completion; an EndpointError it raises ends in a
    fallback that carries the error. Every other exception is the caller's.
    """
    messages = build_messages(request, taxonomy)
    usage = Usage()
    failures: list[ParseFailure] = []
    answer = ""
    for _ in range(ATTEMPTS):
        try:
            completion = await complete(messages)
        except EndpointError as error:
            return _fallback(request, taxonomy, usage + error.usage, failures, answer, error)
        usage += completion.usage
        answer = completion.text
        parsed = parse(answer, taxonomy)
        if isinstance(parsed, Classification):
            return ClassificationResult(
                classification=parsed, usage=usage, failures=tuple(failures), last_answer=answer
            )
        failures.append(parsed)
        messages = repair_messages(messages, answer, str(parsed))
    return _fallback(request, taxonomy, usage, failures, answer, None)


def _fallback(
    request: NormalisedRequest,
    taxonomy: Taxonomy,
    usage: Usage,
    failures: list[ParseFailure],
    answer: str,
    error: EndpointError | None,
) -> ClassificationResult:
    return ClassificationResult(
        classification=heuristic(request, taxonomy),
        usage=usage,
        failures=tuple(failures),
        endpoint_error=error,
        last_answer=answer,
    )
