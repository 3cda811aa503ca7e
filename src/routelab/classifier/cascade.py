"""The cascade: a free local answer first, the endpoint's model only where that one is unsure."""

from collections.abc import Callable

from msgspec import structs

from routelab.classifier.classify import ClassificationResult, Complete, classify
from routelab.records import Classification, NormalisedRequest, Usage
from routelab.taxonomy import Taxonomy

ClassifyLocally = Callable[[NormalisedRequest], Classification]


class CascadeResult(ClassificationResult, frozen=True, kw_only=True):
    """A classification and what it took; `asked` says whether the model was asked."""

    asked: bool


def asks_model(confidence: float | None, threshold: float) -> bool:
    """Whether a local answer of this confidence is not good enough: below the threshold, or unknown."""
    return confidence is None or confidence < threshold


async def classify_cascade(
    request: NormalisedRequest,
    taxonomy: Taxonomy,
    local: ClassifyLocally,
    complete: Complete,
    *,
    threshold: float,
) -> CascadeResult:
    """Classify locally, and by the model behind `complete` where the local confidence is below `threshold`.

    Where the model fails, the local answer stands in for it, better than keywords; it is marked as a
    fallback, so that it is not cached and the next request asks again.
    """
    answer = local(request)
    if not asks_model(answer.confidence, threshold):
        return CascadeResult(classification=answer, usage=Usage(), asked=False)
    asked = await classify(request, taxonomy, complete)
    found = structs.replace(answer, fallback=True) if asked.classification.fallback else asked.classification
    return CascadeResult(
        classification=found,
        usage=asked.usage,
        failures=asked.failures,
        endpoint_error=asked.endpoint_error,
        last_answer=asked.last_answer,
        asked=True,
    )
