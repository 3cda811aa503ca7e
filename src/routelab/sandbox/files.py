"""Working on folders that something untrusted has written to."""

import shutil
from pathlib import Path

MAX_READ_BYTES = 4_000_000


def remove(place: Path) -> None:
    """Remove a file or a whole folder, also where permissions were taken away; nothing there is fine.

    Raises OSError when something cannot be removed.
    """
    if not _is_folder(place):
        place.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(place)
    except PermissionError:
        _unlock(place)
        shutil.rmtree(place)


def _unlock(folder: Path) -> None:
    folder.chmod(0o700)
    for entry in folder.iterdir():
        if _is_folder(entry):
            _unlock(entry)


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def copy_over(source: Path, target: Path) -> None:
    """Copy what lies in `source` into `target`, whatever stands there in its way.

    That `target` is gone or no folder is fine too. No link in it is followed, so nothing is written
    outside it.
    """
    if not _is_folder(target):
        remove(target)
        target.mkdir()
    for entry in source.iterdir():
        place = target / entry.name
        if entry.is_dir():
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
    except (OSError, RuntimeError, ValueError):  # links in a circle, a null byte
        return None
