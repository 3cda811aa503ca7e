"""Morph's model router (https://docs.morphllm.com/sdk/components/router) as a shadow router."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Annotated, Any

import httpx
import msgspec
from msgspec import Meta, Struct

from routelab.classifier.normalise import PREFIX_CHARS
from routelab.records import ShadowContext
from routelab.shadow.protocol import ShadowAnswer, ShadowQuestion

POLICIES: Mapping[str, str] = {
    "frontier": "capability_heavy",
    "balanced": "balanced",
    "small": "cost_efficient",
    "free": "cost_efficient",
}
"""What a tier asks of the router."""
TIMEOUT_S = 5.0
_NO_CONTEXT = ShadowContext()


class _Answer(Struct, frozen=True):
    model: str
    difficulty: str | None = None
    confidence: Annotated[float, Meta(ge=0, le=1)] | None = None
    domain: str | None = None


_decoder = msgspec.json.Decoder(_Answer)


class MorphRouter:
    """Asks `POST {base_url}/v1/router/multimodel` with a prefix of one user prompt and nothing else.

    `model_ids` maps our model ids to Morph's; models without an entry take no part. A request that
    names one of the models of `experiments`, with whatever variant, is never told. `key` None: every
    question is skipped.
    """

    name = "morph"

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None,
        model_ids: Mapping[str, str],
        experiments: Collection[str] = (),
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/router/multimodel"
        self._key = (key or "").strip()
        self._model_ids = model_ids
        self._experiments = tuple(f"{model.lower()}@" for model in experiments)
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(timeout=timeout_s, trust_env=False)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    def reason_to_skip(self, question: ShadowQuestion) -> str | None:
        """Why nothing of this may leave, or why asking makes no sense."""
        context = question.context
        if context is None:
            return "no_context"
        if not self._key:
            return "no_key"
        if context.tier not in POLICIES:
            return "unknown_tier"
        if any(map(self._is_under_experiment, (context.resolved_model or "", *(context.candidate_models or ())))):
            return "experiment"
        if _prompt(question) is None:
            return "no_prompt"
        return "too_few_candidates" if len(self._ours_by_theirs(context)) < 2 else None

    def fingerprint(self, question: ShadowQuestion) -> str:
        """Policy and candidates; their order does not matter."""
        context = question.context or _NO_CONTEXT
        return " ".join([POLICIES.get(context.tier or "", "unknown"), *sorted(self._ours_by_theirs(context))])

    async def ask(self, question: ShadowQuestion) -> ShadowAnswer:
        """Morph's pick in our words, or how it failed; raises ValueError for what is to be skipped."""
        reason = self.reason_to_skip(question)
        if reason is not None:
            raise ValueError(f"this is not for Morph: {reason}")
        context = question.context or _NO_CONTEXT
        ours_by_theirs = self._ours_by_theirs(context)
        static = self._model_ids.get(context.resolved_model or "")
        body = {
            "input": _prompt(question),
            "allowed_models": list(ours_by_theirs),
            "policy": POLICIES[context.tier or ""],
            "default_model": static if static in ours_by_theirs else next(iter(ours_by_theirs)),
        }
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(self._url, json=body, headers={"authorization": f"Bearer {self._key}"})
        except (TimeoutError, httpx.TimeoutException):
            return _failed("timeout")
        except httpx.HTTPError:
            return _failed("unreachable")
        return _read(response, ours_by_theirs)

    def _is_under_experiment(self, name: str) -> bool:
        """Whether this is such a model, or such a model with a variant."""
        return f"{name.strip().lower()}@".startswith(self._experiments)

    def _ours_by_theirs(self, context: ShadowContext) -> dict[str, str]:
        """Our model ids by Morph's, in the gateway's order; of two with one id of Morph's, the first."""
        mapped: dict[str, str] = {}
        for ours in context.candidate_models or ():
            theirs = self._model_ids.get(ours)
            if theirs is not None:
                mapped.setdefault(theirs, ours)
        return mapped


def _prompt(question: ShadowQuestion) -> str | None:
    request = question.request
    for prompt in (request.latest_user_prompt_prefix, request.user_prompt_prefix):
        if prompt and prompt.strip():
            return prompt[:PREFIX_CHARS]
    return None


def _read(response: httpx.Response, ours_by_theirs: Mapping[str, str]) -> ShadowAnswer:
    if response.status_code != 200:
        return _failed(f"http_{response.status_code}")
    try:
        said: Any = _decoder.decode(response.content)
    except (ValueError, RecursionError):
        return _failed("bad_answer")
    model = ours_by_theirs.get(said.model)
    if model is None:
        return _failed("outside_allowed_models")
    return ShadowAnswer(
        status="answered",
        model=model,
        difficulty=said.difficulty,
        confidence=said.confidence,
        domain=said.domain,
    )


def _failed(reason: str) -> ShadowAnswer:
    return ShadowAnswer(status="failed", reason=reason)
