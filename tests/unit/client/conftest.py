"""A shim on loopback, byte by byte what a test tells it to be."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

DECISION = {
    "model": "vendor/small",
    "variant": "low",
    "route": "debugging/bug_fixing",
    "source": "benchmark",
    "table_version": "t1",
    "sticky": False,
    "switch_reason": None,
    "evidence": "proven",
    "accuracy": 0.9,
    "accuracy_low": 0.8,
    "avg_cost_usd": 0.001,
}
ANSWER = {
    "decision": DECISION,
    "reason": None,
    "classification": {"task_type": "debugging", "cached": False, "fallback": False, "classifier_model": "sorter"},
    "cost_usd": 0.0002,
    "shadow": None,
    "decision_id": "d1",
}

Speak = Callable[[asyncio.StreamWriter], Awaitable[None]]


def http(body: bytes | dict[str, Any], status: int = 200) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content


GOOD = http(ANSWER)


@dataclass
class Shim:
    """Answers every request with `says`: bytes, or whatever it does with the connection."""

    url: str = ""
    says: bytes | Speak = GOOD
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                self.requests.append((head, await reader.readexactly(int(length[1]) if length else 0)))
                if isinstance(self.says, bytes):
                    writer.write(self.says)
                    await writer.drain()
                else:
                    await self.says(writer)
        writer.close()

    def asked(self) -> dict[str, Any]:
        """The body of the latest request."""
        body: dict[str, Any] = json.loads(self.requests[-1][1])
        return body


@pytest.fixture
async def shim() -> AsyncIterator[Shim]:
    said = Shim()
    open_connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_connections.add(asyncio.create_task(said(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    said.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield said
    for task in open_connections:
        task.cancel()
    await asyncio.gather(*open_connections, return_exceptions=True)
    server.close()
