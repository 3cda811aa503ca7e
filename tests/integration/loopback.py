"""Real HTTP servers on loopback, in a thread of their own, so that any process can call them."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

SIMULATED = {"x-routelab-simulated": "1"}
MODELS = {"data": [{"id": "real/one"}, {"id": "real/two"}]}


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """What to answer; a `body` that is no bytes is sent as JSON."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


Script = Callable[[Call, int], Reply | None]


def completion(text: str = "42", *, cost: float | None = 0.001, finish_reason: str = "stop", **message: Any) -> Reply:
    """A chat completion."""
    usage = {"prompt_tokens": 100, "completion_tokens": 20, **({} if cost is None else {"cost": cost})}
    choice = {"message": {"role": "assistant", "content": text, **message}, "finish_reason": finish_reason}
    return Reply({"choices": [choice], "usage": usage})


def tool_call(arguments: str, *, name: str = "shell", cost: float = 0.001) -> Reply:
    """A completion that calls a tool."""
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return completion("", cost=cost, finish_reason="tool_calls", tool_calls=[call])


@dataclass
class Endpoint:
    """Answers chat completions from `script`, which gets the call and its number from 1.

    Where the script gives None, `behind` answers (an ASGI application; None: a plain completion).
    """

    script: Script = lambda _call, _number: None
    behind: Any = None
    models: Reply = Reply(MODELS)
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _whole(receive)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if not scope["path"].endswith("/chat/completions"):
            await self._other(scope, replayed(body, receive), send)
            return
        call = Call(scope["path"], headers, json.loads(body))
        self.calls.append(call)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.script(call, len(self.calls))
            if reply is None and self.behind is not None:
                await self.behind(scope, replayed(body, receive), send)
            else:
                await _answer(reply or completion(), send)
        finally:
            self.at_once -= 1

    async def _other(self, scope: Any, receive: Any, send: Any) -> None:
        if self.behind is not None:
            await self.behind(scope, receive, send)
        else:
            await _answer(self.models, send)

    def prompts(self) -> list[str]:
        """The first user message of every call."""
        return [next(m["content"] for m in call.body["messages"] if m["role"] == "user") for call in self.calls]


async def _whole(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def replayed(body: bytes, receive: Any) -> Any:
    """The body once, then what really comes: an application that streams listens for the client's leave."""
    pieces = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Any:
        return pieces.pop() if pieces else await receive()

    return replay


async def _answer(reply: Reply, send: Any) -> None:
    await asyncio.sleep(reply.delay_s)
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    headers = {"content-type": "application/json", **reply.headers}
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """Ends at once, where uvicorn looks ten times a second whether to and then waits as long again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def serving(endpoint: Endpoint, port: int = 0) -> Iterator[Endpoint]:
    """Serve while the block runs."""
    listener = socket.create_server(("127.0.0.1", port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    endpoint.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    config = uvicorn.Config(endpoint, lifespan="off", log_level="critical")
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield endpoint
    finally:
        server.end()
        thread.join()
        listener.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
