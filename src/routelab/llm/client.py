"""An async client of one OpenAI-compatible endpoint."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

import httpx
import stamina

from routelab.config import EndpointConfig, Price
from routelab.errors import EndpointError
from routelab.llm.catalogue import ListedModel, listed_models
from routelab.llm.checks import usable_key, wrong_kind
from routelab.llm.failures import failure, failure_inside, json_object
from routelab.llm.money import MoneyLimit
from routelab.llm.pricing import cost_usd, tokens
from routelab.records import Candidate, Completion, ToolCall, Usage, well_formed

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
        timeout). Raises EndpointError (of kind `timeout` only where no try failed otherwise), or
        BudgetError when the money limit forbids the call.
        """
        payload: dict[str, Any] = {"model": candidate.model, "messages": list(messages)}
        if candidate.variant is not None:
            payload["reasoning_effort"] = candidate.variant
        if tools:
            payload["tools"] = list(tools)
        simulated = self.config.kind == "simulated"
        headers = {REPETITION_HEADER: str(repetition)} if simulated and repetition is not None else {}
        started = time.perf_counter()
        async with self._slots:
            response = await self._send("POST", "chat/completions", payload, headers, timeout_s)
        elapsed_ms = (time.perf_counter() - started) * 1000
        return self._completion(candidate, response, elapsed_ms)

    async def models(self) -> dict[str, ListedModel] | None:
        """The models the endpoint lists, by id; None when it has no such list. Raises EndpointError."""
        try:
            response = await self._send("GET", "models", None, {}, None)
        except EndpointError as error:
            if error.status in (404, 405):
                return None
            raise
        return listed_models(json_object(response))

    async def simulation(self) -> dict[str, Any]:
        """What a simulated endpoint says of itself: its version and its models' true accuracy."""
        return json_object(await self._send("GET", "simulation", None, {}, None))

    async def _send(
        self,
        method: str,
        path: str,
        payload: dict[str, Any] | None,
        headers: dict[str, str],
        timeout_s: float | None,
    ) -> httpx.Response:
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
                            return await self._send_once(method, path, payload, headers)
                        except EndpointError as error:
                            last = error
                            raise
        except TimeoutError as error:
            # An endpoint that failed and used up the time with retries was down, not slow.
            raise last or EndpointError(f"no answer within {timeout_s:g} s", kind="timeout") from error
        raise AssertionError("unreachable: the retry loop returns or raises")

    async def _send_once(
        self, method: str, path: str, payload: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx.Response:
        if payload is not None:
            self.limit.check()
        try:
            response = await self._http.request(method, path, json=payload, headers=headers)
        except (httpx.ReadTimeout, httpx.WriteTimeout) as error:
            raise EndpointError(f"no answer within {self.config.timeout_s:g} s", kind="timeout") from error
        except httpx.HTTPError as error:
            where = self._http.base_url
            raise EndpointError(f"cannot reach {where}: {error or type(error).__name__}", kind="unreachable") from error
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

    def _completion(self, candidate: Candidate, response: httpx.Response, elapsed_ms: float) -> Completion:
        body = json_object(response)
        refusal = failure_inside(body)
        if refusal is not None:
            raise self._told(refusal)
        usage = body.get("usage")
        usage = usage if isinstance(usage, dict) else {}
        cost = cost_usd(usage, self._prices.get(candidate.model))
        self.limit.add(candidate.model, cost)
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
            usage=Usage(tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens"), cost),
            latency_ms=elapsed_ms,
        )


def _wait_or_stop(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds, for stamina."""
    if not isinstance(error, EndpointError) or not error.retryable:
        return False
    return True if error.retry_after_s is None else error.retry_after_s
