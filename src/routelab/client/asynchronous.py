"""Asking the shim from an event loop."""

import asyncio
import time
from typing import Self, Unpack

import httpx

from routelab.client.answer import DecideAnswer, Failure
from routelab.client.question import Question, encoded, fallback_of
from routelab.client.reading import null_answer, read_answer
from routelab.errors import ConfigError
from routelab.records import Candidate

TIMEOUT_S = 2.0
_MAX_ANSWER_BYTES = 4_000_000
# Servers close idle connections after 5 s by default; a request on one that is just closing is lost.
_KEEPALIVE_S = 3.0
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class DecideClient:
    """Asks the shim at `base_url`, and answers with `fallback` whenever it does not decide.

    A question may have a fallback of its own; one that the question's policy denies is not answered.
    `key` None sends none. `timeout_s` bounds a whole question, connecting included. Close it with
    `aclose` or use it as an async context manager; use it from one event loop only. Raises
    ConfigError for a URL that cannot be called or a key that no HTTP header can carry.
    """

    def __init__(
        self, base_url: str, *, fallback: Candidate, key: str | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.fallback = fallback
        self._timeout_s = timeout_s
        headers = {"content-type": "application/json"}
        if key is not None:
            headers["authorization"] = f"Bearer {_usable(key)}"
        self._http = httpx.AsyncClient(
            base_url=_url(base_url),
            headers=headers,
            timeout=timeout_s,
            limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_S),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def decide(self, **asked: Unpack[Question]) -> DecideAnswer:
        """Which model serves this request; the keywords are those of Question.

        A raw body is normalised here and does not leave the process. Raises TypeError or ValueError
        for a call that contradicts itself, and nothing else: whatever the network, the shim or the
        request's content do becomes a reason.
        """
        started, fallback = time.perf_counter(), fallback_of(asked, self.fallback)
        try:
            status, answer = await self._post(encoded(asked))
            return read_answer(status, answer, fallback=fallback, latency_ms=_since(started))
        except Failure as failure:
            return null_answer(failure, fallback=fallback, latency_ms=_since(started))

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        try:
            # httpx bounds each phase of a call, not the call.
            async with (
                asyncio.timeout(self._timeout_s),
                self._http.stream("POST", "decide", content=body) as response,
            ):
                return response.status_code, await _bounded(response)
        except _UNSENT as error:
            raise Failure("unreachable", f"the shim cannot be reached: {_told(error)}", cost_usd=0.0) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Failure("timeout", f"the shim did not answer within {self._timeout_s:g} s") from error
        # RuntimeError: the client is closed. OSError and ValueError: what httpx lets through.
        except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError, ValueError) as error:
            raise Failure("unreachable", f"the call of the shim broke off: {_told(error)}") from error


async def _bounded(response: httpx.Response) -> bytes:
    """The whole body. Raises Failure when it is larger than any decision."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > _MAX_ANSWER_BYTES:
            raise Failure("bad_answer", f"the shim's answer is larger than {_MAX_ANSWER_BYTES} bytes")
    return bytes(body)


def _url(base_url: str) -> str:
    try:
        url = httpx.URL(base_url.rstrip("/") + "/")
    except httpx.InvalidURL as error:
        raise ConfigError(f"the shim's URL {base_url!r} is malformed: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(f"the shim's URL must be like http://shim:8800, not {base_url!r}")
    return str(url)


def _usable(key: str) -> str:
    key = key.strip()
    if not (key and key.isascii() and key.isprintable()):
        raise ConfigError("the shim's key is empty or holds characters that no HTTP header can carry")
    return key


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
