"""Folders on their way into a container and back."""

import io
import os
import stat
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.errors import SandboxError
from routelab.sandbox.archive import folders_and_files, pack, unpack

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda name: name not in (".", "..")
)


def looked_at(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every entry with its sort, mode, time and content; the time of a link is when it was made here."""
    found: dict[str, tuple[object, ...]] = {}
    for entry in sorted(folder.rglob("*")):
        state = entry.lstat()
        mode = stat.filemode(state.st_mode)
        content = str(entry.readlink()) if entry.is_symlink() else entry.read_bytes() if entry.is_file() else None
        time_s = state.st_mtime if stat.S_ISREG(state.st_mode) else None
        found[str(entry.relative_to(folder))] = (mode, time_s, content)
    return found


def test_all_comes_back_as_it_was(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "sub/empty").mkdir(parents=True)
    target.mkdir()
    (source / "run.sh").write_text("#!/bin/sh\n")
    (source / "run.sh").chmod(0o751)
    (source / "sub/.hidden").write_bytes(bytes(range(256)))
    (source / "sub/old").write_text("x")
    os.utime(source / "sub/old", (1_000_000_000.25, 1_000_000_000.25))
    (source / ("x" * 150)).write_text("long name")
    (source / "link").symlink_to("sub/old")
    (source / "broken").symlink_to("nowhere")
    unpack(pack(source), target)
    assert looked_at(target) == looked_at(source)


@given(st.dictionaries(NAMES, st.binary(max_size=2_000), max_size=5))
def test_any_name_and_content_comes_back(tmp_path_factory: pytest.TempPathFactory, content: dict[str, bytes]) -> None:
    folder = tmp_path_factory.mktemp("archive")
    source, target = folder / "source", folder / "target"
    source.mkdir()
    target.mkdir()
    for name, data in content.items():
        if len(os.fsencode(name)) < 200:
            (source / name).write_bytes(data)
    unpack(pack(source), target)
    assert looked_at(target) == looked_at(source)


def test_an_empty_folder_is_an_archive_too(tmp_path: Path) -> None:
    packed = pack(tmp_path)
    assert len(packed) % 512 == 0
    unpack(packed, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_sandbox_error(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="cannot read nowhere"):
        pack(tmp_path / "nowhere")


def _archive(*entries: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for entry in entries:
            archive.addfile(entry)
    return packed.getvalue()


def _link(name: str, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


@pytest.mark.parametrize(
    "entries",
    [
        (tarfile.TarInfo("../out"),),
        (_link("out", "../../out"),),
        (_link("out", ".."), tarfile.TarInfo("out/file")),
        (_link("etc", "/etc"),),
    ],
)
def test_nothing_is_unpacked_outside(tmp_path: Path, entries: tuple[tarfile.TarInfo, ...]) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises((tarfile.TarError, OSError)):
        unpack(_archive(*entries), inside)
    assert [entry.name for entry in tmp_path.iterdir()] == ["inside"]


def test_folders_come_before_what_is_in_them_and_links_are_no_folders(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/file").write_text("x")
    (tmp_path / "link").symlink_to("a")
    assert folders_and_files(tmp_path) == (["a", "a/b"], ["a/b/file", "link"])
