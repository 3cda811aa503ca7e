"""What only a file can suffer: damage, a full disk, a place that cannot be used."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spec.conftest import SqliteBackend
from tests.spec.samples import CEDAR, attempt, run

from routelab.errors import ConfigError, StoreError
from routelab.records import RunCandidate
from routelab.store import open_store


@pytest.fixture
def file(sqlite_backend: SqliteBackend) -> Path:
    """A store file with a run and 200 attempts, no longer open."""
    url = sqlite_backend.fresh()
    store = open_store(url)
    store.runs.create(run(), [RunCandidate(CEDAR)])
    store.results.add_attempts([attempt(number) for number in range(200)])
    store.close()
    return Path(url.removeprefix("sqlite:///"))


def sentence(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


def test_a_store_makes_its_folder_and_uses_the_write_ahead_log(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "er" / "routelab.db"
    open_store(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_without_create_neither_file_nor_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at") as caught:
        open_store(f"sqlite:///{tmp_path / 'deep' / 'routelab.db'}", create=False)
    sentence(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_without_create_an_empty_file_stays_empty(tmp_path: Path) -> None:
    file = tmp_path / "routelab.db"
    file.touch()
    with pytest.raises(StoreError, match="there is no store at"):
        open_store(f"sqlite:///{file}", create=False)
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"", [file])


@pytest.mark.parametrize("junk", [b"this is no database, it only has the name of one\n" * 50, bytes(range(256)) * 64])
def test_junk_is_no_store(tmp_path: Path, junk: bytes) -> None:
    file = tmp_path / "routelab.db"
    file.write_bytes(junk)
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{file}")
    assert sentence(caught.value) == f"the store sqlite:///{file} failed: file is not a database"
    assert file.read_bytes() == junk


def test_a_truncated_file_is_told_in_one_sentence(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{file}").results.attempts("decider-1")
    assert str(file) in sentence(caught.value)


def test_a_damaged_page_is_told_in_one_sentence(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    file.write_bytes(content)

    def read_everything() -> None:
        store = open_store(f"sqlite:///{file}")
        store.runs.all()
        store.results.attempts("decider-1")

    with pytest.raises(StoreError) as caught:
        read_everything()
    assert "malformed" in sentence(caught.value)


def test_a_folder_in_the_place_of_the_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{tmp_path}")
    assert str(tmp_path) in sentence(caught.value)


def test_a_file_in_the_place_of_the_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make the folder of the store") as caught:
        open_store(f"sqlite:///{tmp_path / 'file' / 'routelab.db'}")
    sentence(caught.value)


@pytest.mark.parametrize("url", ["no url", "oracledb2://here/there", "sqlite+nothing:///x.db"])
def test_a_url_of_no_known_database_is_the_users_mistake(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url is not a usable database URL"):
        open_store(url)


def test_a_password_never_stands_in_an_error() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://routelab:hunter2hunter2@127.0.0.1:1/routelab")
    assert "hunter2" not in sentence(caught.value)
    assert "127.0.0.1:1" in str(caught.value)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip(f"cannot mount a small file system: {made.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_told_in_one_sentence_and_loses_no_committed_row(small_disk: Path) -> None:
    store = open_store(f"sqlite:///{small_disk / 'routelab.db'}")
    store.runs.create(run(), [RunCandidate(CEDAR)])
    committed = 0

    def fill_it_up() -> None:
        nonlocal committed
        for number in range(10_000):
            store.results.add_attempts([attempt(number, output_prefix="x" * 4_000)])
            committed = number + 1

    with pytest.raises(StoreError) as caught:
        fill_it_up()
    assert sentence(caught.value).endswith("full")
    assert committed > 10
    assert len(store.results.attempts("decider-1")) == committed
    store.close()

    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    again = open_store(f"sqlite:///{small_disk / 'routelab.db'}")
    assert [item.case_id for item in again.results.attempts("decider-1")] == [
        f"debugging-case-{number}" for number in range(committed)
    ]
    again.results.add_attempts([attempt(committed)])
    again.close()


def test_a_store_on_a_full_disk_cannot_be_made(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * (2 * 1024 * 1024 - 8192))
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{small_disk / 'routelab.db'}")
    sentence(caught.value)
