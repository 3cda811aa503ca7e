"""What tests of sessions share."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from routelab.records import Classification
from routelab.taxonomy import Taxonomy, load_taxonomy
from routelab_serve.sessions import Conversation, Sessions, continued
from routelab_serve.sessions.memory_store import MemoryStore


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Unruly(MemoryStore):
    """A store that fails, or takes its time, when told to."""

    def __init__(self) -> None:
        super().__init__(100_000)
        self.delay_s = 0.0
        self.error: Exception | None = None
        self.reads: list[list[bytes]] = []
        self.writes: list[list[tuple[bytes, bytes]]] = []

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        self.reads.append(list(keys))
        await self._behave()
        return await super().get_many(keys)

    async def put_many(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        self.writes.append(list(entries))
        await self._behave()
        await super().put_many(entries)

    async def _behave(self) -> None:
        await asyncio.sleep(self.delay_s)
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy(Path(__file__).parents[3] / "datasets/taxonomy/v1/taxonomy.json")


@pytest.fixture
def classification(taxonomy) -> Classification:
    return Classification(**taxonomy.fallback, confidence=0.75)


@pytest.fixture
def new_key() -> Callable[[], str]:
    return lambda: os.urandom(16).hex()


@pytest.fixture
def on() -> Callable[..., Conversation]:
    def conversation(model: str, before: Conversation | None = None) -> Conversation:
        return continued(before, model=model, variant=None, route="debugging/bug_fixing", at_s=time.time())

    return conversation


@pytest.fixture
def unruly() -> Unruly:
    return Unruly()


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
async def sessions(taxonomy, unruly, errors):
    made = Sessions(taxonomy, max_conversations=1000, store=unruly, trust_s=0.0, on_error=errors.append)
    async with aclosing(made):
        yield made
