"""Sessions as bytes; what does not decode or fit is nothing."""

from functools import lru_cache
from hashlib import blake2b

import msgspec

from routelab.records import Candidate, Classification
from routelab.taxonomy import Taxonomy
from routelab_serve.sessions.records import MAX_BYTES, MAX_CLASSIFICATIONS, Conversation, PackedClassification, Session

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Session).decode
_EXACT_BYTES = 8


class BadEntry(Exception):
    """A stored value that is no session, or a session that cannot be stored."""


class Codec:
    """Reads and writes sessions under one taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._routes = [tuple(route.split("/")) for route in taxonomy.routes]
        self._route_index = {route: index for index, route in enumerate(taxonomy.routes)}
        self._axes = [tuple(value.id for value in axis.values) for axis in taxonomy.axes]
        self._axis_indexes = [{name: index for index, name in enumerate(axis)} for axis in self._axes]
        vocabulary = msgspec.json.encode([taxonomy.version, taxonomy.routes, self._axes])
        self._fingerprint = blake2b(vocabulary, digest_size=4).digest()

    def encode(self, session: Session) -> bytes:
        """Raises BadEntry when it is too large, or holds text that cannot be encoded."""
        try:
            value = _encode(session)
        except (UnicodeError, OverflowError) as error:
            raise BadEntry(str(error)) from error
        if len(value) > MAX_BYTES:
            raise BadEntry(f"{len(value)} bytes")
        return value

    def decode(self, value: bytes | memoryview) -> Session:
        """Raises BadEntry when it is no session. Classifications under another taxonomy are left out."""
        if len(value) > MAX_BYTES:
            raise BadEntry(f"{len(value)} bytes")
        try:
            session = _decode(value)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise BadEntry(str(error)) from error
        if session.taxonomy == self._fingerprint:
            return session
        return self.session(session.kept_at_s, session.conversation, ())

    def session(
        self, kept_at_s: float, conversation: Conversation | None, classifications: tuple[PackedClassification, ...]
    ) -> Session:
        """A session under this taxonomy, with the newest classifications only."""
        return Session(1, kept_at_s, conversation, self._fingerprint, classifications[:MAX_CLASSIFICATIONS])

    def pack(self, asked: bytes, at_s: float, classification: Classification) -> PackedClassification:
        """Raises BadEntry when it does not fit the taxonomy."""
        context, reasoning, risk, mode = self._axis_indexes
        try:
            return PackedClassification(
                asked,
                int(at_s),
                self._route_index[classification.route],
                context[classification.context_complexity],
                reasoning[classification.reasoning_complexity],
                risk[classification.risk_level],
                mode[classification.execution_mode],
                classification.requires_tools,
                classification.confidence,
            )
        except KeyError as error:
            raise BadEntry(f"{error} is not in the taxonomy") from error

    def unpack(self, packed: PackedClassification) -> Classification | None:
        """None when it points outside the taxonomy."""
        context, reasoning, risk, mode = self._axes
        try:
            task_type, subtask_type = self._routes[packed.route]
            return Classification(
                task_type=task_type,
                subtask_type=subtask_type,
                context_complexity=context[packed.context],
                reasoning_complexity=reasoning[packed.reasoning],
                risk_level=risk[packed.risk],
                execution_mode=mode[packed.mode],
                requires_tools=packed.requires_tools,
                confidence=packed.confidence,
            )
        except IndexError:
            return None


def asked_of(exact: str, classifier: Candidate) -> bytes:
    """16 bytes that tell apart what was asked of whom; `exact` as `exact_hash` gives it."""
    return bytes.fromhex(exact)[:_EXACT_BYTES] + _digest(classifier)


@lru_cache(maxsize=256)
def _digest(classifier: Candidate) -> bytes:
    return blake2b(str(classifier).encode(errors="surrogatepass"), digest_size=8).digest()
