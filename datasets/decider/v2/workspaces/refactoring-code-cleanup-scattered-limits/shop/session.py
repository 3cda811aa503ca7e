"""Sessions in the browser."""


def cookie(token):
    return f"session={token}; Max-Age=1800; Path=/"


def script():
    """Settings for the page's script: it warns two minutes before the end and renews every 10 minutes."""
    return {"endMs": 1800000, "warnMs": 1680000, "renewMs": 600000, "minutes": "30 minutes"}


def expired(last_seen, now):
    """Whether a session seen last at this second has ended."""
    return now - last_seen >= 30 * 60


def alive_share(last_seen, now):
    """How much of the session is left, from 1.0 to 0.0."""
    return max(0.0, 1 - (now - last_seen) / 1800)
