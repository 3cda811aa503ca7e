"""Reading frames from a byte stream (PROTOCOL.md)."""


class FrameError(Exception):
    """The stream is broken; `frames` are the payloads that were complete before the trouble in the same call."""

    def __init__(self, text, frames):
        super().__init__(text)
        self.frames = frames


class Decoder:
    def __init__(self, max_size=1000):
        self._max_size = max_size
        self._digits = b""
        self._left = None  # bytes of payload still to come, None while reading the length
        self._payload = bytearray()
        self._broken = False

    def feed(self, data):
        frames, at, data = [], 0, bytes(data)
        if self._broken:
            raise FrameError("broken", [])
        while at < len(data):
            if self._left is None:
                at = self._length(data, at, frames)
            elif self._left:
                piece = data[at:at + self._left]
                self._payload += piece
                self._left -= len(piece)
                at += len(piece)
            else:
                if data[at:at + 1] != b",":
                    self._fail("no comma", frames)
                frames.append(bytes(self._payload))
                self._payload.clear()
                self._digits, self._left = b"", None
                at += 1
        return frames

    def _length(self, data, at, frames):
        sign = data[at:at + 1]
        if sign == b":" and self._digits:
            self._left = int(self._digits)
        elif sign.isdigit() and self._digits != b"0":
            self._digits += sign
            if int(self._digits) > self._max_size:
                self._fail("too long", frames)
        else:
            self._fail("no length", frames)
        return at + 1

    def _fail(self, text, frames):
        self._broken = True
        raise FrameError(text, frames)

    def close(self):
        """The stream has ended."""
        if self._broken or self._left is not None or self._digits:
            self._broken = True
            raise FrameError("the stream ended within a frame", [])

    @property
    def pending(self):
        """How many bytes of the current frame have come, from its first digit on."""
        if self._broken:
            return 0
        return len(self._digits) + (self._left is not None) + len(self._payload)


def encode(payload):
    """The frame for a payload."""
    return b"%d:%s," % (len(payload), bytes(payload))
