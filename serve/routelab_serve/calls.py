"""The calls that one classification may make."""

import asyncio

from msgspec.structs import replace

from routelab.classifier import ATTEMPTS
from routelab.errors import EndpointError
from routelab.llm import EndpointClient
from routelab.records import Candidate, Completion, Usage

_WORTH_ANOTHER = frozenset({"server_error", "unreachable", "cut_stream", "bad_response"})
"""Kinds of failures after which the same call may succeed at once; 429 asks to be left alone."""


class Calls:
    """At most two calls of a candidate, for failures and invalid answers together.

    The second begins within `budget_s`, after which nobody waits for it; any call ends after
    `patience_s`. `made` counts calls.
    """

    def __init__(self, client: EndpointClient, candidate: Candidate, *, budget_s: float, patience_s: float) -> None:
        self._client = client
        self._candidate = candidate
        self._patience_s = patience_s
        self._until = asyncio.get_running_loop().time() + budget_s
        self._failure: EndpointError | None = None
        self.made = 0

    async def complete(self, messages: list[dict[str, str]]) -> Completion:
        """A completion; raises EndpointError when there is none and no more calls may be made.

        The usage of either holds the calls that failed before it.
        """
        used = Usage()
        while self._may_call():
            self.made += 1
            try:
                answer = await self._client.complete(self._candidate, messages, timeout_s=self._patience_s)
                return replace(answer, usage=used + answer.usage)
            except EndpointError as error:
                self._failure = error
                used += error.usage
                if error.kind not in _WORTH_ANOTHER:
                    break
        failure = self._failure or EndpointError("there is no time left for another call", kind="rejected")
        failure.usage = used
        raise failure

    def _may_call(self) -> bool:
        if self.made == 0:
            return True
        return self.made < ATTEMPTS and asyncio.get_running_loop().time() < self._until
