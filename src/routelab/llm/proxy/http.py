"""The small part of HTTP that the proxy speaks as an ASGI application."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

import msgspec

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

MAX_REQUEST_BYTES = 20 * 1024 * 1024


class AgentGoneError(Exception):
    """The agent hung up before its request was whole."""


class TooLargeError(Exception):
    """The request is longer than 20 MB."""


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request. Raises TooLargeError or AgentGoneError."""
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise AgentGoneError
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > MAX_REQUEST_BYTES:
            raise TooLargeError
        more = message.get("more_body", False)
    return b"".join(pieces)


async def start(send: Send, status: int, headers: Headers) -> None:
    """Send the status line and the headers."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})


async def more(send: Send, piece: bytes) -> None:
    """Send a piece of the body."""
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def end(send: Send) -> None:
    """End the body."""
    await send({"type": "http.response.body", "body": b""})


async def answer(send: Send, status: int, body: bytes, content_type: str = "application/json") -> None:
    """Send a whole answer."""
    headers = ((b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode()))
    await start(send, status, headers)
    await more(send, body)
    await end(send)


async def answer_error(send: Send, status: int, message: str) -> None:
    """Send an error in a shape that the clients of all three APIs understand."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"type": "error", "error": {"type": kind, "code": status, "message": f"routelab: {message}"}}
    await answer(send, status, msgspec.json.encode(error))
