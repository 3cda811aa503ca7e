"""`POST /decide` without the framework in between: it declares the route, this answers it."""

import asyncio
from collections.abc import Coroutine
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

import msgspec
from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from routelab_serve.auth import KeyGuard
from routelab_serve.body import Disconnected, read_body, received
from routelab_serve.contract import DecideResponse
from routelab_serve.decide import Decider
from routelab_serve.hosts import AllowedHosts
from routelab_serve.problems import BadField
from routelab_serve.turn import Turn

if TYPE_CHECKING:
    from routelab_serve.recorder import Recorder

_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")
_BOOLS = {"true": True, "1": True, "false": False, "0": False}
_FAILURE = "routelab_failure"
"""Where in a request's state its failure is on the long way, which makes a problem of it."""


class DecideRoute:
    """A Litestar middleware that answers in the place of the handler it stands before.

    Whatever it raises becomes problem details, as everywhere. `guard` tells who may ask. `recorder`
    None: nobody is told of answers.
    """

    def __init__(
        self,
        decider: Decider,
        *,
        guard: KeyGuard,
        hosts: AllowedHosts,
        recorder: "Recorder | None" = None,
    ) -> None:
        self._decider = decider
        self._guard = guard
        self._hosts = hosts
        self._recorder = recorder

    def __call__(self, app: ASGIApp) -> ASGIApp:  # noqa: ARG002 - it takes its place
        """The ASGI application that answers instead."""
        return self._serve_or_fail

    async def _serve_or_fail(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = scope["state"].pop(_FAILURE, None)
        if failure is not None:
            raise failure
        await self.serve(cast("HTTPScope", scope), receive, send)

    async def serve(self, request: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer; raises what Litestar makes a problem of."""
        try:
            self._hosts.check(request["headers"])
            self._guard.admit(request["headers"])
            explained = _explained(request["query_string"])
            body = await received(request, receive)
            began_s = perf_counter()
            turn = self._decider.begin(read_body(body), explained=explained, began_s=began_s)
            response = self._decider.at_once(turn)
            if response is None:
                response = await self._answer(turn, receive)
        except Disconnected:
            return
        except Exception as failure:
            if self._recorder is not None:
                self._recorder.failed(failure)
            raise
        answered_s = perf_counter()
        content = _encode(response)
        encoded_s = perf_counter()
        length = (b"content-length", str(len(content)).encode())
        # Requests that came together are all decided before the first is answered: the kernel's part
        # of sending empties the caches, after which the next decision would take twice as long.
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": [_JSON, length]})
        await send({"type": "http.response.body", "body": content, "more_body": False})
        if self._recorder is not None:
            self._recorder.record(turn, response, answered_s=answered_s, encoded_s=encoded_s)

    async def _answer(self, turn: Turn, receive: Receive) -> DecideResponse:
        session = await self._decider.recall(turn)
        response = self._decider.at_once(turn, session)
        if response is not None:
            return response
        try:
            return await _unless_gone(self._decider.wait(turn, session), receive)
        except Disconnected:
            if self._recorder is not None:
                self._recorder.gone(turn)
            raise


class Shortcut(Litestar):
    """A Litestar whose `POST /decide` is answered before anything is routed; what fails goes the long way."""

    decide_route: DecideRoute | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or live through a lifespan."""
        route = self.decide_route
        if route is not None and scope["type"] == "http" and scope["path"] == "/decide" and scope["method"] == "POST":
            try:
                await route.serve(scope, receive, send)
            except Exception as failure:
                scope.setdefault("state", {})[_FAILURE] = failure
            else:
                return
        await super().__call__(scope, receive, send)


async def _unless_gone(answer: Coroutine[Any, Any, DecideResponse], receive: Receive) -> DecideResponse:
    """The answer; cancelled, with Disconnected raised, when the client goes before it is there."""
    answering, going = asyncio.ensure_future(answer), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((answering, going), return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            return answering.result()
        raise Disconnected
    finally:
        going.cancel()
        answering.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _explained(query: bytes) -> bool:
    if not query:
        return False
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True).get("explain", ["false"])[-1]
    try:
        return _BOOLS[given.lower()]
    except KeyError:
        raise BadField(f"explain is true or false, not {given[:20]!r}", field="explain") from None
