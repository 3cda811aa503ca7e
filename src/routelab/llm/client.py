"""An async client of one OpenAI-compatible endpoint."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self

import httpx
import msgspec
import stamina

from routelab.config import EndpointConfig, Price
from routelab.errors import BudgetError, EndpointError
from routelab.llm.catalogue import ListedModel, listed_models
from routelab.llm.checks import usable_key, wrong_kind
from routelab.llm.failures import failure, failure_inside, json_object, unanswered
from routelab.llm.money import MoneyLimit
from routelab.llm.pricing import cost_usd, prompt_usd, tokens
from routelab.records import UNKNOWN_COST, Candidate, Completion, ToolCall, Usage, well_formed

REPETITION_HEADER = "x-routelab-repetition"
KEPT_ALIVE_S = 4.0
"""Idle connections are dropped before servers do it, many after 5 s: a call on one just closed would be lost."""
_WAIT_INITIAL_S = 0.2
_WAIT_MAX_S = 20.0


class EndpointClient:
    """Chat completions on one endpoint, with retries, a concurrency limit and a money limit.

    `api_key` None sends no key. `prices` by model id are used where a call reports no cost.
    `transport` replaces the network, for an endpoint inside the process. Close it with `aclose` or
    use it as an async context manager. Raises ConfigError for a key that no HTTP header can carry.
    """

    def __init__(
        self,
        config: EndpointConfig,
        *,
        api_key: str | None = None,
        prices: Mapping[str, Price] | None = None,
        limit: MoneyLimit | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.config = config
        self.limit = limit or MoneyLimit(None)
        self._prices = prices or {}
        self._api_key = usable_key(api_key)
        self._slots = asyncio.Semaphore(config.max_connections)
        self._http = httpx.AsyncClient(
            base_url=str(config.base_url).rstrip("/") + "/",
            headers={} if self._api_key is None else {"authorization": f"Bearer {self._api_key}"},
            timeout=httpx.Timeout(config.timeout_s, connect=min(10.0, config.timeout_s)),
            limits=httpx.Limits(max_connections=config.max_connections, keepalive_expiry=KEPT_ALIVE_S),
            transport=transport,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def complete(
        self,
        candidate: Candidate,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        repetition: int | None = None,
        timeout_s: float | None = None,
    ) -> Completion:
        """One chat completion, retried on 429, 5xx and connection errors.

        The variant goes out as `reasoning_effort`. `repetition` is told to simulated endpoints
        only. `timeout_s` bounds the call with all its retries (None: each try by the configured
        timeout). The answer's usage holds all tries, so its cost is unknown where an earlier one
        was sent but not answered. Raises EndpointError (of kind `timeout` only where no try failed
        otherwise), or BudgetError when the money limit forbids the call; both tell what was used.
        """
        payload: dict[str, Any] = {"model": candidate.model, "messages": list(messages)}
        if candidate.variant is not None:
            payload["reasoning_effort"] = candidate.variant
        if tools:
            payload["tools"] = list(tools)
        simulated = self.config.kind == "simulated"
        headers = {REPETITION_HEADER: str(repetition)} if simulated and repetition is not None else {}
        bill = _Bill(self.limit, candidate.model, self._prices.get(candidate.model), payload)
        started = time.perf_counter()
        try:
            async with self._slots:
                response = await self._send(partial(self._ask_once, payload, headers, bill), timeout_s)
            elapsed_ms = (time.perf_counter() - started) * 1000
            answer = self._answer(candidate, response, bill)
        except (EndpointError, BudgetError) as error:
            error.usage = bill.usage
            raise
        return msgspec.structs.replace(answer, usage=bill.usage, latency_ms=elapsed_ms)

    async def models(self) -> dict[str, ListedModel] | None:
        """The models the endpoint lists, by id; None when it has no such list. Raises EndpointError."""
        try:
            response = await self._send(partial(self._send_once, "GET", "models"), None)
        except EndpointError as error:
            if error.status in (404, 405):
                return None
            raise
        return listed_models(json_object(response))

    async def simulation(self) -> dict[str, Any]:
        """What a simulated endpoint says of itself: its version and its models' true accuracy."""
        return json_object(await self._send(partial(self._send_once, "GET", "simulation"), None))

    async def _send(self, once: Callable[[], Awaitable[httpx.Response]], timeout_s: float | None) -> httpx.Response:
        last: EndpointError | None = None
        try:
            async with asyncio.timeout(timeout_s):
                async for attempt in stamina.retry_context(
                    on=_wait_or_stop,
                    attempts=self.config.attempts,
                    timeout=None,
                    wait_initial=_WAIT_INITIAL_S,
                    wait_max=_WAIT_MAX_S,
                ):
                    with attempt:
                        try:
                            return await once()
                        except EndpointError as error:
                            last = error
                            raise
        except TimeoutError as error:
            # An endpoint that failed and used up the time with retries was down, not slow.
            raise last or EndpointError(f"no answer within {timeout_s:g} s", kind="timeout") from error
        raise AssertionError("unreachable: the retry loop returns or raises")

    async def _ask_once(self, payload: dict[str, Any], headers: dict[str, str], bill: "_Bill") -> httpx.Response:
        self.limit.check()
        try:
            return await self._send_once("POST", "chat/completions", payload, headers)
        except EndpointError as error:
            if error.usage.cost_usd is None:
                bill.count(UNKNOWN_COST, failed=True)
            raise
        except asyncio.CancelledError:
            bill.count(UNKNOWN_COST, failed=True)
            raise

    async def _send_once(
        self, method: str, path: str, payload: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            response = await self._http.request(method, path, json=payload, headers=headers)
        except httpx.HTTPError as error:
            raise unanswered(error, self._http.base_url, self.config.timeout_s) from error
        wrong = wrong_kind(self.config, response)
        if wrong is not None:
            raise wrong
        if response.is_success:
            return response
        raise self._told(failure(response))

    def _told(self, error: EndpointError) -> EndpointError:
        """The error without the key: some endpoints repeat it in their refusal."""
        if self._api_key is not None:
            error.args = (str(error).replace(self._api_key, "[redacted]"),)
        return error

    def _answer(self, candidate: Candidate, response: httpx.Response, bill: "_Bill") -> Completion:
        """The answer without its usage, which is counted here also where it is none."""
        try:
            body = json_object(response)
        except EndpointError:
            bill.count(UNKNOWN_COST, failed=True)
            raise
        usage = _used(body, self._prices.get(candidate.model))
        refusal = failure_inside(body)
        if refusal is not None:  # an error in the answer's place: only what it says itself was billed
            bill.count(msgspec.structs.replace(usage, cost_usd=usage.cost_usd or 0.0))
            raise self._told(refusal)
        try:
            answer = _completion(candidate, body)
        except EndpointError:
            bill.count(usage, failed=True)
            raise
        bill.count(usage)
        return answer


class _Bill:
    """What the tries of one call used; the money limit is told of each."""

    def __init__(self, limit: MoneyLimit, model: str, price: Price | None, payload: dict[str, Any]) -> None:
        self.usage = Usage()
        self._limit = limit
        self._model = model
        self._price = price
        self._payload = payload

    def count(self, usage: Usage, *, failed: bool = False) -> None:
        """Count a try that was sent. `failed`: no answer came of it, so a cost it did not tell is estimated."""
        if failed and usage.cost_usd is None:
            estimate = self._limit.add_cut(self._model, prompt_usd(msgspec.json.encode(self._payload), self._price))
            usage = msgspec.structs.replace(usage, estimate_usd=estimate)
        else:
            self._limit.add(self._model, usage.cost_usd)
        self.usage += usage


def _used(body: dict[str, Any], price: Price | None) -> Usage:
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Usage(tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens"), cost_usd(usage, price))


def _completion(candidate: Candidate, body: dict[str, Any]) -> Completion:
    """The completion in a body; EndpointError when there is none, or it broke off."""
    try:
        choice = body["choices"][0]
        message = choice["message"]
        calls = tuple(
            ToolCall(call["id"], call["function"]["name"], well_formed(call["function"]["arguments"]))
            for call in message.get("tool_calls") or ()
        )
        text = message.get("content") or ""
        finish_reason = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise EndpointError(
            f"the endpoint's answer for {candidate} is no chat completion", kind="bad_response"
        ) from error
    if finish_reason == "error":
        raise EndpointError(f"the provider of {candidate} failed in the middle of its answer", kind="server_error")
    return Completion(
        text=well_formed(text) if isinstance(text, str) else "",
        finish_reason=finish_reason if isinstance(finish_reason, str) else None,
        tool_calls=calls,
    )


def _wait_or_stop(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds, for stamina."""
    if not isinstance(error, EndpointError) or not error.retryable:
        return False
    return True if error.retry_after_s is None else error.retry_after_s
