"""Folders as tar archives, the way into a container."""

import io
import tarfile
from pathlib import Path

from routelab.errors import SandboxError


def pack(folder: Path) -> bytes:
    """All of a folder with modes, times and links; raises SandboxError when it cannot be read."""
    packed = io.BytesIO()
    try:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for entry in sorted(folder.iterdir()):
                archive.add(entry, arcname=entry.name)
    except OSError as error:
        raise SandboxError(f"cannot read {folder.name}: {error}") from error
    return packed.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Put an archive of `pack` into a folder; raises OSError, or TarError for an entry that leads outside."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")


def folders_and_files(folder: Path) -> tuple[list[str], list[str]]:
    """The folders and the other entries below a folder, as relative paths, parents first."""
    folders: list[str] = []
    files: list[str] = []
    for entry in sorted(folder.rglob("*")):
        inside = str(entry.relative_to(folder))
        (folders if entry.is_dir() and not entry.is_symlink() else files).append(inside)
    return folders, files
