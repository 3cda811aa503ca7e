"""In-process event bus: one dispatch loop, nothing is handled recursively."""
from collections import deque


class Bus:
    def __init__(self):
        self._handlers = {}
        self._seq = 0
        self._queue = deque()
        self._urgent = deque()
        self._running = False

    def on(self, pattern, handler, priority=50):
        self._seq += 1
        self._handlers.setdefault(pattern, []).append((priority, -self._seq, handler))

    def _matching(self, topic):
        found = list(self._handlers.get(topic, ()))
        head, _, tail = topic.partition(".")
        if tail:
            found += self._handlers.get(head + ".*", ())
        return [h for _, _, h in sorted(found, key=lambda t: t[:2])]

    def emit(self, topic, urgent=False, **data):
        (self._urgent if urgent else self._queue).append((topic, data))
        if self._running:
            return
        self._running = True
        try:
            while self._urgent or self._queue:
                topic, data = (self._urgent or self._queue).popleft()
                for handler in self._matching(topic):
                    if handler(self, **data) is STOP:
                        break
        finally:
            self._running = False


STOP = object()
