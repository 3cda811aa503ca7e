"""Connections that a client may hold for a while only: the server itself waits for a request without end."""

import re
from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WHOLE_S = 15.0
"""How long a client may take from connecting, or from the first byte of a later request, to the last one.

Longer than `body` waits, so that who sends no body to `POST /decide` is told by a problem.
"""
MAX_HEAD_BYTES = 65_536
_TOO_LATE = b"408 Request Timeout"
_TOO_LARGE = b"431 Request Header Fields Too Large"
_H2C = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n)", re.IGNORECASE)


class BoundedProtocol(HttpToolsProtocol):
    """The server's HTTP protocol; a request must come whole within WHOLE_S, its head within MAX_HEAD_BYTES.

    The head is measured by what is read at once, so that it may be a little larger. A request that
    comes at once costs no timer. An offer to go on in HTTP/2 is not heard: the parser would take it
    and drop the body, and Java's own client makes it with its first request.
    """

    _deadline: TimerHandle | None = None
    _head_bytes = 0
    _has_head = True
    _is_whole = True

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_awaiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; refuse what takes too long or too much."""
        if self._is_whole and b"h2c" in data:
            data = _declined(data)
        super().data_received(data)
        if self._is_whole:
            if self._deadline is not None:
                self._stop_awaiting()
            return
        self._await()
        if not self._has_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._has_head = self._is_whole = False
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._has_head = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole."""
        self._is_whole = True
        super().on_message_complete()

    def _await(self) -> None:
        if self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(WHOLE_S, self._refuse, _TOO_LATE)

    def _stop_awaiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: bytes) -> None:
        """Close the connection, and say why where no answer is under way."""
        self._stop_awaiting()
        if self.transport.is_closing():
            return
        if not (self._is_whole or self._is_answering()):
            self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()

    def _is_answering(self) -> bool:
        """Whether this request, or the one before while this has no head yet, has an answer under way."""
        if self.cycle is None:
            return False
        return self.cycle.response_started if self._has_head else not self.cycle.response_complete


def _declined(data: bytes) -> bytes:
    """What a client sent, without its offer to go on in HTTP/2."""
    head, end, body = data.partition(b"\r\n\r\n")
    return _H2C.sub(b"", head + end, count=1) + body
