"""The calls that one classification may make."""

import asyncio

from routelab.classifier import ATTEMPTS
from routelab.errors import EndpointError
from routelab.llm import EndpointClient
from routelab.records import Candidate, Completion

_WORTH_ANOTHER = frozenset({"server_error", "unreachable", "cut_stream", "bad_response"})
"""Kinds of failures after which the same call may succeed at once; 429 asks to be left alone."""


class Attempts:
    """At most two calls of a candidate, for failures and invalid answers together.

    The second begins within `budget_s`, after which nobody waits for it; any call ends after
    `patience_s`. `made` counts calls. `may_have_cost`: one that failed may be billed, nobody knows.
    """

    def __init__(self, client: EndpointClient, candidate: Candidate, *, budget_s: float, patience_s: float) -> None:
        self._client = client
        self._candidate = candidate
        self._patience_s = patience_s
        self._until = asyncio.get_running_loop().time() + budget_s
        self._failure: EndpointError | None = None
        self.made = 0
        self.may_have_cost = False

    async def complete(self, messages: list[dict[str, str]]) -> Completion:
        """A completion; raises EndpointError when there is none and no more calls may be made."""
        while self._may_call():
            self.made += 1
            try:
                return await self._client.complete(self._candidate, messages, timeout_s=self._patience_s)
            except EndpointError as error:
                self._failure = error
                self.may_have_cost |= error.status is None or error.may_be_billed
                if error.kind not in _WORTH_ANOTHER:
                    break
        raise self._failure or EndpointError("there is no time left for another call", kind="rejected")

    def _may_call(self) -> bool:
        if self.made == 0:
            return True
        return self.made < ATTEMPTS and asyncio.get_running_loop().time() < self._until
