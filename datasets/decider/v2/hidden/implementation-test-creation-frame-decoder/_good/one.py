"""Reading frames from a byte stream, with one buffer and a regular expression."""
import re


class FrameError(Exception):
    def __init__(self, text, frames):
        Exception.__init__(self, text)
        self.frames = list(frames)


HEAD = re.compile(rb"(0|[1-9][0-9]*)(:)?")


class Decoder:
    def __init__(self, max_size=1000):
        self.max_size, self.buffer = max_size, b""

    def feed(self, data):
        if self.buffer is None:
            raise FrameError("this stream is broken", ())
        self.buffer += bytes(data)
        frames = []
        while self.buffer:
            head = HEAD.match(self.buffer)
            if not head or int(head[1]) > self.max_size or not head[2] and head.end() < len(self.buffer):
                self._trouble(frames)
            if not head[2]:
                break
            end = head.end() + int(head[1])
            if len(self.buffer) <= end:
                break
            if self.buffer[end:end + 1] != b",":
                self._trouble(frames)
            frames.append(self.buffer[head.end():end])
            self.buffer = self.buffer[end + 1:]
        return frames

    def _trouble(self, frames):
        self.buffer = None
        raise FrameError("unexpected byte", frames)

    def close(self):
        if self.buffer != b"":
            self._trouble([])

    @property
    def pending(self):
        return len(self.buffer or b"")


def encode(payload):
    payload = bytes(payload)
    return str(len(payload)).encode() + b":" + payload + b","
