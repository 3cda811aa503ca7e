"""Working on folders that something untrusted has written to."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

MAX_READ_BYTES = 4_000_000


def remove(place: Path) -> None:
    """Remove a file or a whole folder, also where permissions were taken away; nothing there is fine.

    Raises OSError when something cannot be removed.
    """
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, onerror=_unlock)
    else:
        place.unlink(missing_ok=True)


def _unlock(_: Callable[..., Any], path: str, __: Any) -> None:
    stuck = Path(path)
    with contextlib.suppress(OSError):
        stuck.parent.chmod(0o700)
    if stuck.is_dir() and not stuck.is_symlink():
        stuck.chmod(0o700)
        shutil.rmtree(stuck)
    else:
        stuck.unlink()


def copy_over(source: Path, target: Path) -> None:
    """Copy what lies in `source` into `target`, whatever stands there in its way.

    No link in `target` is followed, so nothing is written outside it.
    """
    for entry in source.iterdir():
        place = target / entry.name
        if entry.is_dir():
            if place.is_symlink() or not place.is_dir():
                remove(place)
                place.mkdir()
            copy_over(entry, place)
        else:
            remove(place)
            shutil.copy2(entry, place)


def read_inside(folder: Path, path: str) -> str | None:
    """The first 4 MB of a plain file as text; None where there is none, or a link leads out of `folder`."""
    root = folder.resolve()
    try:
        target = (root / path).resolve()
        if not target.is_relative_to(root) or not target.is_file():
            return None
        with target.open("rb") as file:
            return file.read(MAX_READ_BYTES).decode("utf-8", "replace")
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        return None
