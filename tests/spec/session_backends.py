"""Session stores to hold against their spec: each backend opens the same content as often as asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from routelab_serve.sessions import SessionStore, open_session_store
from routelab_serve.sessions.memory_store import MemoryStore


class Backend(Protocol):
    """`shared`: what one instance keeps, the others see."""

    shared: bool

    def open(self, *, ttl_s: float = 60.0) -> SessionStore: ...


class MemoryBackend:
    shared = False

    def open(self, *, ttl_s: float = 60.0) -> SessionStore:
        return MemoryStore(10_000, ttl_s=ttl_s)


@dataclass
class UrlBackend:
    url: str
    shared: bool = True

    def open(self, *, ttl_s: float = 60.0) -> SessionStore:
        store = open_session_store(self.url, max_rows=10_000, ttl_s=ttl_s)
        assert store is not None
        return store


def sqlite_backend(folder: Path) -> UrlBackend:
    return UrlBackend(f"sqlite:///{folder / 'deep' / 'sessions.db'}")
