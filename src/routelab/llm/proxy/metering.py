"""What a call used, read from its answer while it passes."""

from typing import Any

from msgspec import Struct

from routelab.errors import EndpointError
from routelab.llm.proxy.bodies import read_json
from routelab.llm.proxy.readers import READERS
from routelab.llm.proxy.sse import EventSplitter
from routelab.records.requests import ApiKind

MAX_BODY_BYTES = 64 * 1024 * 1024


class Reading(Struct, frozen=True, kw_only=True):
    """What an answer said.

    `usage` holds `prompt_tokens`, `completion_tokens` and `cost` as far as they were told.
    `complete`: the answer came to its end, so that a cost it did not tell will not be told any
    more. `failure` None: it is an answer. `refused`: an error stands where the answer should be, so
    nothing was billed.
    """

    usage: dict[str, Any]
    finish_reason: str | None
    complete: bool
    failure: EndpointError | None
    refused: bool


class Meter:
    """Reads one answer of status 2xx; it never fails, whatever comes.

    `streamed`: the answer is a stream of server-sent events, else one JSON object.
    """

    def __init__(self, api_kind: ApiKind, *, streamed: bool) -> None:
        self._reader = READERS[api_kind]()
        self._splitter = EventSplitter() if streamed else None
        self._body: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Take in the next piece of the body."""
        if self._splitter is not None:
            self._read(self._splitter.feed(piece))
        elif self._size <= MAX_BODY_BYTES:
            self._body.append(piece)
            self._size += len(piece)

    def finish(self, *, broken: bool) -> Reading:
        """The result; `broken`: the connection was lost before the body's end."""
        reader = self._reader
        if self._splitter is not None:
            self._read(self._splitter.close())
        elif not broken:
            self._read_whole(b"".join(self._body))
        refused = reader.failure is not None and self._splitter is None
        if reader.failure is None and not reader.ended:
            reader.failure = _cut() if broken or self._splitter is not None else _no_answer()
        return Reading(
            usage=reader.usage,
            finish_reason=reader.finish_reason,
            complete=reader.ended and not broken,
            failure=reader.failure,
            refused=refused,
        )

    def _read(self, events: list[bytes]) -> None:
        for event in events:
            if event.strip() == b"[DONE]":
                self._reader.done()
                continue
            data = read_json(event)
            if isinstance(data, dict):
                self._reader.event(data)

    def _read_whole(self, body: bytes) -> None:
        data = read_json(body)
        if isinstance(data, dict):
            self._reader.whole(data)


def _cut() -> EndpointError:
    return EndpointError("the endpoint's answer broke off before its end", kind="cut_stream")


def _no_answer() -> EndpointError:
    return EndpointError("what the endpoint answered is no answer of this API", kind="bad_response")
