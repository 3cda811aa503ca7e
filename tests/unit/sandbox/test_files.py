"""Working on folders that something untrusted has written to."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from routelab.sandbox.files import copy_over, remove

NOBODY = 65_534


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that an unprivileged process can reach."""
    with tempfile.TemporaryDirectory(prefix="routelab-test-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


def unprivileged(call: Callable[[], object]) -> bool:
    """Whether the call succeeds in a process that permissions apply to, as they do not to root."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            call()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def build(place: Path) -> None:
    """Files in folders that allow nothing any more, as module caches and models leave them."""
    (place / "a/b/c").mkdir(parents=True)
    (place / "a/b/c/file").write_text("x")
    (place / "a/file").write_text("x")
    for name, mode in (("a/b/c", 0o555), ("a/b", 0), ("a", 0o500)):
        (place / name).chmod(mode)


def test_folders_without_permissions_are_removed(place: Path) -> None:
    assert unprivileged(lambda: build(place))
    assert unprivileged(lambda: remove(place / "a"))
    assert list(place.iterdir()) == []


def test_a_link_is_removed_and_not_what_it_points_to(place: Path) -> None:
    (place / "kept").mkdir()
    (place / "link").symlink_to(place / "kept")
    remove(place / "link")
    remove(place / "missing")
    assert [item.name for item in place.iterdir()] == ["kept"]


def test_copying_over_keeps_what_is_not_in_the_way(place: Path) -> None:
    source, target = place / "source", place / "target"
    (source / "sub").mkdir(parents=True)
    (source / "sub/new").write_text("new")
    (target / "sub").mkdir(parents=True)
    (target / "sub/old").write_text("old")
    copy_over(source, target)
    assert sorted(item.name for item in (target / "sub").iterdir()) == ["new", "old"]
