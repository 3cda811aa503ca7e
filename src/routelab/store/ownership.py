"""Who drives a run, and whether that process still lives."""

import os
import socket
from datetime import UTC, datetime, timedelta

from routelab.records import Owner

HEARTBEAT_S = 5
_STALE = timedelta(seconds=60)


def this_process() -> Owner:
    """The process that calls."""
    return Owner(socket.gethostname(), os.getpid())


def is_alive(owner: Owner | None, heartbeat_at: datetime | None) -> bool:
    """Whether the owner may still be working.

    On this host a process that is gone is known at once; elsewhere, and where a number was given
    to another process, a heartbeat older than a minute counts as gone.
    """
    if owner is None or heartbeat_at is None or datetime.now(UTC) - heartbeat_at > _STALE:
        return False
    return owner.host != socket.gethostname() or _exists(owner.pid)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
