"""A loopback endpoint whose answers come in pieces, with pauses, and may break off."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.loopback import Call

SSE = {"content-type": "text/event-stream"}
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Stream:
    """An answer: bytes to send and pauses in seconds, in turn.

    `wait_s` passes before its first line; `cut`: the connection breaks at the end.
    """

    pieces: tuple[bytes | float, ...]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: SSE)
    cut: bool = False
    wait_s: float = 0.0


@dataclass
class StreamingEndpoint:
    """Answers any path from `script`, which gets the call and its number from 1.

    `paths` are the whole paths with their queries; `ended` counts the answers that were wholly sent.
    """

    script: Callable[[Call, int], Stream]
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    ended: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.calls.append(Call(scope["path"], headers, json.loads(body)))
        query = scope["query_string"].decode()
        self.paths.append(scope["path"] + (f"?{query}" if query else ""))
        stream = self.script(self.calls[-1], len(self.calls))
        await asyncio.sleep(stream.wait_s)
        lines = [(name.encode(), value.encode()) for name, value in stream.headers.items()]
        await send({"type": "http.response.start", "status": stream.status, "headers": lines})
        for piece in stream.pieces:
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not stream.cut:
            await send({"type": "http.response.body", "body": b""})
        self.ended += 1
