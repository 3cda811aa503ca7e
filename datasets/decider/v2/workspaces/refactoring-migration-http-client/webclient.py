"""The new HTTP client."""
from dataclasses import dataclass


class NoAnswer(Exception):
    """The server could not be reached within the time."""


@dataclass(frozen=True)
class Response:
    status: int
    text: str


def fetch(url, *, timeout=5.0, attempts=1):
    """A Response for every HTTP status; raises NoAnswer. timeout is in seconds; attempts counts all tries."""
    raise NotImplementedError("stands for the real client, which is not part of this project")
