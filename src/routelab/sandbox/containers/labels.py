"""Labels that tell whose a container or volume is, also after its owner died."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

PROJECT = "routelab.project"
_RUN, _LANE, _PID, _HOST, _BORN = (f"routelab.{part}" for part in ("run", "lane", "pid", "host", "process_start"))


class Labels(Struct, frozen=True, kw_only=True):
    """Run and lane of a container; the owner is the process that makes the labels."""

    run_id: str
    lane: str

    def written(self) -> dict[str, str]:
        """As the engine keeps them."""
        pid = os.getpid()
        owner = {_PID: str(pid), _HOST: socket.gethostname(), _BORN: _born(pid) or ""}
        return {PROJECT: "1", _RUN: self.run_id, _LANE: self.lane, **owner}


def owner_is_gone(labels: Mapping[str, str]) -> bool:
    """Whether the process that made these labels has ended for certain.

    False for other hosts' labels, whose processes cannot be seen from here, and for labels that
    are not routelab's.
    """
    if labels.get(PROJECT) != "1" or labels.get(_HOST) != socket.gethostname():
        return False
    pid = labels.get(_PID, "")
    return pid.isdigit() and _born(int(pid)) != labels.get(_BORN)


def is_own(labels: Mapping[str, str], run_id: str, lane: str | None = None) -> bool:
    """Whether this process made these labels for this run, and for this `lane` (None: for any)."""
    mine = Labels(run_id=run_id, lane=labels.get(_LANE, "") if lane is None else lane).written()
    return all(labels.get(name) == value for name, value in mine.items())


def _born(pid: int) -> str | None:
    """When a process started, in ticks since the machine did: a number may be given out again, this not.

    None when there is no such process, or it only waits to be collected.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
