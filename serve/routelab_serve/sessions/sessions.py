"""Sessions: what the decider asks about conversations and tells of them. Nothing here fails for a store."""

import asyncio
import time
from collections.abc import Callable
from struct import Struct as Packing

from msgspec import Struct

from routelab.records import Candidate, Classification
from routelab.taxonomy import Taxonomy
from routelab_serve.breaker import Breaker
from routelab_serve.sessions.codec import BadEntry, Codec, asked_of
from routelab_serve.sessions.memory_store import MemoryStore
from routelab_serve.sessions.protocol import ErrorKind, SessionStore
from routelab_serve.sessions.reader import Reader
from routelab_serve.sessions.records import HALF_AN_HOUR_S, Conversation, PackedClassification, Session
from routelab_serve.sessions.writer import Writer

_FAREWELL_S = 2.0
_READ_AT = Packing("<d")
"""What stands before a session in this process: when the store was last asked for it (monotonic seconds)."""


def _unheard(_: ErrorKind) -> None:
    pass


class Lookups(Struct):
    """How often a conversation was found in this process (`here`), in the shared `store`, or in neither (`nowhere`)."""

    here: int = 0
    store: int = 0
    nowhere: int = 0


class Sessions:
    """Remembers conversations in this process and, with a `store`, together with other replicas.

    Keys are those of `conversation_key`. Everything is remembered for `ttl_s` seconds after it was
    last told, here for at most `max_conversations`. What this process knows is trusted for `trust_s`
    seconds after the store gave it or was first told of it, whatever this process adds meanwhile; then
    the store is asked again, for at most `deadline_s`. A store that is down costs that wait a few
    times, then about once a second until it is back. `on_error` is told of every trouble (None: nobody
    is). `clock` gives unix seconds. For one event loop.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        *,
        max_conversations: int,
        store: SessionStore | None = None,
        ttl_s: float = HALF_AN_HOUR_S,
        trust_s: float = 5.0,
        deadline_s: float = 0.05,
        on_error: Callable[[ErrorKind], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        on_error = on_error or _unheard
        self.lookups = Lookups()
        self._codec = Codec(taxonomy)
        self._ttl_s = ttl_s
        self._trust_s = None if store is None else trust_s
        self._on_error = on_error
        self._clock = clock
        self._near = MemoryStore(max_conversations, ttl_s=ttl_s)
        # What was decoded or made last: a warm request looks at its session, then tells of it.
        self._latest: tuple[bytes, Session] = (b"", self._nothing())
        self._store = store
        self._reader: Reader | None = None
        self._writer: Writer | None = None
        if store is not None:
            self._reader = Reader(store, Breaker("session_read"), deadline_s=deadline_s, on_error=on_error)
            self._writer = Writer(store, Breaker("session_write"), on_error=on_error)

    def peek(self, key: str) -> Session | None:
        """What this process knows and trusts, without waiting; None: `load` it.

        Never None without a shared store.
        """
        session = self._known(bytes.fromhex(key), self._trust_s)
        if session is not None:
            self.lookups.here += 1
        elif self._store is None:
            self.lookups.nowhere += 1
            return self._nothing()
        return session

    def current(self, key: str) -> Session | None:
        """What this process knows after a `load`, trusted or not. It counts as no lookup."""
        return self._known(bytes.fromhex(key))

    async def load(self, key: str) -> Session:
        """What is known of a conversation here and in the shared store; an empty session if nothing is.

        The store is asked in any case: what `peek` gave did not do, and another replica may know more.
        """
        near_key = bytes.fromhex(key)
        is_counted = self._known(near_key, self._trust_s) is not None  # by `peek`
        if self._reader is None:
            return self._known(near_key) or self._nothing()
        stored = await self._reader.get(near_key)
        # Looked up again, since it may have changed during the wait.
        near = self._known(near_key)
        session = self._newer(near_key, near, stored)
        if not is_counted:
            self._count(session, near)
        return session or self._nothing()

    def classification(self, session: Session, exact: str, classifier: Candidate) -> Classification | None:
        """What `classifier` said of the content with this exact hash; None when it was not asked lately."""
        asked = asked_of(exact, classifier)
        for packed in session.classifications:
            if packed.asked == asked and self._lives(packed.at_s):
                return self._codec.unpack(packed)
        return None

    def remember(self, key: str, conversation: Conversation) -> None:
        """Keep a conversation's new state; returns at once."""
        near_key = bytes.fromhex(key)
        before = self._before(near_key)
        self._keep(near_key, before, conversation, before.classifications)

    def keep_classification(self, key: str, exact: str, classifier: Candidate, classification: Classification) -> None:
        """Keep what `classifier` said, beside the conversation's last few; a fallback is never kept."""
        if classification.fallback:
            return
        near_key, asked, now_s = bytes.fromhex(key), asked_of(exact, classifier), self._clock()
        try:
            packed = self._codec.pack(asked, now_s, classification)
        except BadEntry:
            self._on_error("bad_entry")
            return
        before = self._before(near_key)
        others = [other for other in before.classifications if other.asked != asked and self._lives(other.at_s)]
        self._keep(near_key, before, before.conversation, (packed, *others))

    async def aclose(self) -> None:
        """Write what was not written yet and close the store; for either at most 2 s."""
        if self._store is None or self._reader is None or self._writer is None:
            return
        await self._reader.aclose()
        await self._writer.aclose()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._store.close()
        except Exception:
            self._on_error("write_failed")

    def _count(self, found: Session | None, near: Session | None) -> None:
        if found is None:
            self.lookups.nowhere += 1
        elif found is near:
            self.lookups.here += 1
        else:
            self.lookups.store += 1

    def _known(self, key: bytes, trust_s: float | None = None) -> Session | None:
        """What this process knows; None when it knows nothing, or the store was not asked in the last `trust_s`."""
        value = self._near.peek(key)
        if value is None:
            return None
        if trust_s is not None and time.monotonic() - _READ_AT.unpack_from(value)[0] >= trust_s:
            return None
        session = self._codec.decode(value[_READ_AT.size :])
        if not self._lives(session.kept_at_s):
            return None
        self._latest = (key, session)
        return session

    def _before(self, key: bytes) -> Session:
        latest_key, latest = self._latest
        if latest_key == key and self._lives(latest.kept_at_s):
            return latest
        return self._known(key) or self._nothing()

    def _newer(self, key: bytes, near: Session | None, stored: bytes | None) -> Session | None:
        """The session written last, here or by the store's last writer; it is then trusted here.

        `stored` as Reader gives it.
        """
        if stored is None:
            return near
        far = self._decoded(stored)
        if far is not None and (near is None or near.kept_at_s <= far.kept_at_s):
            self._near.keep(key, _read_now() + stored)
            self._latest = (key, far)
            return far
        kept = self._near.peek(key)
        if near is not None and kept is not None:
            self._near.keep(key, _read_now() + kept[_READ_AT.size :])
        return near

    def _decoded(self, stored: bytes) -> Session | None:
        """A session of the store that still lives; None when there is none."""
        if not stored:
            return None
        try:
            session = self._codec.decode(stored)
        except BadEntry:
            self._on_error("bad_entry")
            return None
        return session if self._lives(session.kept_at_s) else None

    def _keep(
        self,
        key: bytes,
        before: Session,
        conversation: Conversation | None,
        classifications: tuple[PackedClassification, ...],
    ) -> None:
        # Never older than what it follows, so that a replica whose clock is behind is heard too.
        kept_at_s = max(self._clock(), before.kept_at_s)
        session = self._codec.session(kept_at_s, conversation, classifications)
        try:
            value = self._codec.encode(session)
        except BadEntry:
            if classifications:  # beside very long names there is room for fewer, or none
                self._keep(key, before, conversation, classifications[: len(classifications) // 2])
            else:
                self._on_error("bad_entry")
            return
        replaced = self._near.peek(key)
        # What is new here was looked for in the store just before.
        read_at = _read_now() if replaced is None else bytes(replaced[: _READ_AT.size])
        self._near.keep(key, read_at + value)
        self._latest = (key, session)
        if self._writer is not None:
            self._writer.put(key, value)

    def _nothing(self) -> Session:
        return self._codec.session(0.0, None, ())

    def _lives(self, at_s: float) -> bool:
        return self._clock() - at_s < self._ttl_s


def _read_now() -> bytes:
    return _READ_AT.pack(time.monotonic())
