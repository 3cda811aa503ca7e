"""A loopback fake of the Morph API that keeps every byte it received, and questions to ask."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from routelab.records import Decision, NormalisedRequest, ShadowContext
from routelab.shadow import ShadowQuestion

MODEL_IDS = {"vendor/big": "big-1", "vendor/mid": "mid-1", "vendor/small": "small-1", "vendor/twin": "small-1"}
DECISION = Decision(
    model="vendor/mid",
    variant="low",
    route="debugging/bug_fixing",
    source="benchmark",
    table_version="t1",
    sticky=False,
    switch_reason=None,
    evidence="proven",
    accuracy=0.9,
    accuracy_low=0.8,
    avg_cost_usd=0.001,
)


class Kept(dict[str, Any]):
    """A memory that forgets nothing."""

    put = dict.__setitem__


@dataclass
class Morph:
    """Answers with `says` (bytes: as they are) and `status` after `delay_s`."""

    url: str = ""
    says: Any = field(default_factory=lambda: {"model": "small-1", "provider": "vendor", "difficulty": "easy"})
    status: int = 200
    delay_s: float = 0.0
    received: bytes = b""
    bodies: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                body = await reader.readexactly(int(length[1]) if length else 0)
                self.received += head + body
                self.bodies.append(json.loads(body))
                await asyncio.sleep(self.delay_s)
                content = self.says if isinstance(self.says, bytes) else json.dumps(self.says).encode()
                writer.write(
                    f"HTTP/1.1 {self.status} Said\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content
                )
                await writer.drain()
        writer.close()


@pytest.fixture
async def morph() -> AsyncIterator[Morph]:
    fake = Morph()
    connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.create_task(fake(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield fake
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    server.close()


def question(**changes: Any) -> ShadowQuestion:
    given: dict[str, Any] = {
        "decision_id": "d1",
        "request": NormalisedRequest(
            api_kind="messages",
            requested_model="routelab/auto",
            system_prompt_prefix="the system prompt",
            user_prompt_prefix="the first prompt",
            latest_user_prompt_prefix="the latest prompt",
            message_count=3,
            provider_hints={"hint": "a provider hint"},
        ),
        "conversation": "hash-of-conversation",
        "content": "hash-of-content",
        "route": "debugging/bug_fixing",
        "fallback": False,
        "decision": DECISION,
        "context": ShadowContext(
            tier="balanced", candidate_models=("vendor/big", "vendor/small"), resolved_model="vendor/big"
        ),
    }
    return ShadowQuestion(**{**given, **changes})
