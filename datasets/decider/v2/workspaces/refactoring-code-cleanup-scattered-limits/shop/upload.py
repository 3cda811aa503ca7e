"""Checks of uploaded files."""


def check(size):
    """What to tell the user about a file of this many bytes."""
    if size > 52428800:
        return "refused: at most 50 MB"
    if size >= 41943040:
        return f"accepted, but large ({size * 100 // 52428800} % of the limit)"
    return "accepted"


def chunks(size):
    """Files travel in chunks of 5 MB; how many this one needs."""
    return -(-size // 5242880)


def header():
    return {"X-Max-Bytes": "52428800", "X-Warn-Bytes": "41943040", "X-Chunks": "10"}
