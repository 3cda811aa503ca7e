"""The last events, for the support screen."""
from collections import deque


class Journal:
    def __init__(self, size=6):
        self.events = deque(maxlen=size)

    def note(self, session, value):
        self.events.append((session, value))
