"""Temporary folders that tell whose they are, so that what a killed process left can be removed."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from routelab.errors import SandboxError
from routelab.sandbox.files import remove

_NAME = re.compile(r"routelab-(?:sandbox|proxy)-(\d+)-")


def make_folder(sort: str) -> Path:
    """A new folder of this process, `sandbox` or `proxy` by sort, for its user only; raises SandboxError."""
    try:
        return Path(tempfile.mkdtemp(prefix=f"routelab-{sort}-{os.getpid()}-"))
    except OSError as error:
        raise SandboxError(f"cannot make a temporary folder: {error}") from error


def sweep_folders() -> int:
    """Remove this user's folders whose process has ended; how many there were."""
    removed = 0
    for entry in Path(tempfile.gettempdir()).glob("routelab-*"):
        owner = _NAME.match(entry.name)
        if owner is None or _lives(int(owner[1])):
            continue
        with contextlib.suppress(OSError):
            if entry.lstat().st_uid == os.getuid():
                remove(entry)
                removed += 1
    return removed


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
