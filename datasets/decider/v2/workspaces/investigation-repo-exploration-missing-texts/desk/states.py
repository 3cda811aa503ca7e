from enum import Enum


class Berth(Enum):
    FREE = "free"
    TAKEN = "taken"
    CLOSED = "closed"


class Event(Enum):
    ASSIGNED = "assigned"
    RELEASED = "released"
    MOVED = "moved"
