"""Temporary folders of processes that live, and of those that do not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from routelab.errors import SandboxError
from routelab.sandbox.folders import make_folder, sweep_folders


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def dead_pid() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def names(place: Path) -> set[str]:
    return {entry.name for entry in place.iterdir()}


def test_a_folder_is_its_users_alone_and_tells_whose_it_is(place: Path) -> None:
    folder = make_folder("sandbox")
    assert folder.parent == place
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.name.startswith(f"routelab-sandbox-{os.getpid()}-")
    assert make_folder("sandbox") != folder


def test_only_what_dead_processes_left_goes(place: Path) -> None:
    gone = dead_pid()
    dead = [f"routelab-sandbox-{gone}-a", f"routelab-proxy-{gone}-b"]
    kept = [
        make_folder("proxy").name,
        f"routelab-sandbox-{os.getppid()}-parent",
        f"routelab-engine-{gone}-x",
        f"routelab-sandbox-{gone}",
        "routelab-sandbox-none-x",
        "routelab-",
        f"other-routelab-sandbox-{gone}-x",
    ]
    for name in [*dead, *kept[1:]]:
        (place / name).mkdir()
        (place / name / "file").write_text("x")
    assert sweep_folders() == 2
    assert names(place) == set(kept)
    assert sweep_folders() == 0


def test_a_link_goes_and_not_what_it_leads_to(place: Path) -> None:
    (place / "kept").mkdir()
    (place / "kept/file").write_text("x")
    (place / f"routelab-sandbox-{dead_pid()}-a").symlink_to(place / "kept")
    assert sweep_folders() == 1
    assert names(place) == {"kept"}
    assert names(place / "kept") == {"file"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder away")
def test_another_users_folder_stays(place: Path) -> None:
    folder = place / f"routelab-sandbox-{dead_pid()}-a"
    folder.mkdir()
    os.chown(folder, 65_534, 65_534)
    assert sweep_folders() == 0
    assert folder.exists()


def test_a_place_without_folders_is_a_sandbox_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(SandboxError, match="cannot make a temporary folder"):
        make_folder("sandbox")
    assert sweep_folders() == 0
