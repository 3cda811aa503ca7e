"""Classification within the time budget: cached, shared, and never failing."""

import asyncio
from functools import partial

import structlog
from msgspec import Struct
from msgspec.structs import replace

from routelab.classifier import ClassificationResult, classify, heuristic
from routelab.decision import content_hashes
from routelab.llm import EndpointClient
from routelab.records import Candidate, Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy
from routelab_serve.ttl_cache import TtlCache

_PATIENCE = 4
"""Budgets after which a late call is given up; until then it may serve the conversation's next request."""
_Key = tuple[str, str, Candidate]
_log = structlog.get_logger()


class Classified(Struct, frozen=True, kw_only=True):
    """A classification, and what it cost the request it was made for.

    `cost_usd` is 0 when that request made no call, None when unknown. `cached`: a model answered,
    but to an earlier or a concurrent request.
    """

    classification: Classification
    cost_usd: float | None
    cached: bool = False


class Classifier:
    """Classifies with a model; a keyword heuristic answers when the model fails or is late."""

    def __init__(self, taxonomy: Taxonomy, client: EndpointClient, *, budget_s: float, max_entries: int) -> None:
        self._taxonomy = taxonomy
        self._client = client
        self._budget_s = budget_s
        self._cache: TtlCache[_Key, Classification] = TtlCache(max_entries)
        self._calls: dict[_Key, asyncio.Task[Classified]] = {}

    async def classify(
        self, request: NormalisedRequest, *, conversation: str, candidate: Candidate | None
    ) -> Classified:
        """Classify a conversation's request with `candidate`; None leaves it to the heuristic.

        Concurrent requests that ask the same share one call, which is billed to the first.
        """
        if candidate is None:
            return self._guess(request, cost_usd=0.0)
        key = (conversation, content_hashes(request).exact, candidate)
        known = self._cache.get(key)
        if known is not None:
            return Classified(classification=known, cost_usd=0.0, cached=True)
        call = self._calls.get(key)
        if call is None:
            answer = await self._in_budget(self._start(request, key))
            return answer or self._guess(request, cost_usd=None)
        answer = await self._in_budget(call) or self._guess(request, cost_usd=0.0)
        return replace(answer, cost_usd=0.0, cached=not answer.classification.fallback)

    async def aclose(self) -> None:
        """Give up the calls that are still under way."""
        calls = list(self._calls.values())
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    def _start(self, request: NormalisedRequest, key: _Key) -> asyncio.Task[Classified]:
        call = self._calls[key] = asyncio.create_task(self._ask(request, key))
        call.add_done_callback(lambda _: self._calls.pop(key))
        return call

    async def _in_budget(self, call: asyncio.Task[Classified]) -> Classified | None:
        """What a call gives, or None when it is late; the call itself goes on."""
        done, _ = await asyncio.wait({call}, timeout=self._budget_s)
        return call.result() if done else None

    async def _ask(self, request: NormalisedRequest, key: _Key) -> Classified:
        patience_s = self._budget_s * _PATIENCE
        complete = partial(self._client.complete, key[-1], timeout_s=patience_s)
        try:
            async with asyncio.timeout(patience_s):
                result = await classify(request, self._taxonomy, complete)
        except Exception as error:
            _log.warning("classification_failed", error=type(error).__name__)
            return self._guess(request, cost_usd=None)
        if result.fallback_reason is None:
            self._cache.put(key, result.classification)
        else:
            _log.warning("classification_fell_back", reason=result.fallback_reason)
        return Classified(classification=result.classification, cost_usd=_cost_usd(result))

    def _guess(self, request: NormalisedRequest, *, cost_usd: float | None) -> Classified:
        return Classified(classification=heuristic(request, self._taxonomy), cost_usd=cost_usd)


def _cost_usd(result: ClassificationResult) -> float | None:
    """What the calls cost; None after one that failed without an answer, since it may be billed."""
    error = result.endpoint_error
    if error is not None and (error.status is None or error.kind == "bad_response"):
        return None
    return result.usage.cost_usd
