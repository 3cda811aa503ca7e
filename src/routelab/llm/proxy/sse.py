"""Cutting a stream of server-sent events apart."""

MAX_EVENT_BYTES = 32 * 1024 * 1024


class EventSplitter:
    """Gives the data of each event, whatever the pieces in which the stream comes.

    As the WHATWG HTML standard says ("Server-sent events"): lines end with LF, CR or CRLF, an
    empty line ends an event, the data lines of an event are joined with LF. The last event counts
    also without an empty line after it. Data beyond 32 MB without a line end is let go.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of the events that end in this piece."""
        if not piece:
            return []
        self._pieces.append(piece)
        self._held += len(piece)
        if b"\n" not in piece and b"\r" not in piece and not self._pieces[0].endswith(b"\r"):
            if self._held > MAX_EVENT_BYTES:
                self._keep(b"")
            return []
        lines = b"".join(self._pieces).splitlines(keepends=True)
        # A CR at the very end may be the first half of a CRLF.
        self._keep(b"" if lines[-1].endswith(b"\n") else lines.pop())
        return self._events(lines)

    def close(self) -> list[bytes]:
        """The data of what stood last, when the stream has ended."""
        return self._events([*b"".join(self._pieces).splitlines(), b""])

    def _keep(self, rest: bytes) -> None:
        self._pieces = [rest] if rest else []
        self._held = len(rest)

    def _events(self, lines: list[bytes]) -> list[bytes]:
        events = []
        for line in lines:
            text = line.rstrip(b"\r\n")
            if text.startswith(b"data:"):
                self._data.append(text[6:] if text.startswith(b"data: ") else text[5:])
            elif not text and self._data:
                events.append(b"\n".join(self._data))
                self._data = []
        return events
