"""The event streams and calls that are kept of every attempt."""

import gzip
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tests.spec.samples import attempt

from routelab.bench.execution import Execution
from routelab.bench.streams import keep_stream, read_calls, read_stream, run_folder
from routelab.llm.proxy import ProxyCall
from routelab.records import Candidate, Usage
from routelab.settings import Settings

EVENTS = ('{"type": "text", "text": "é\u2028 42"}', "no event", "")
CALL = ProxyCall(started_at=datetime(2026, 4, 1, tzinfo=UTC), path="/v1/x\u2028y\x85z", api_kind="messages", status=200)
SETTINGS = Settings(api_key=SecretStr("the-real-key"))


def execution(**changes: Any) -> Execution:
    fields = {"score": 1.0, "usage": Usage(), "latency_ms": 1.0, "events": EVENTS, "calls": (CALL,)}
    return Execution(**{**fields, **changes})


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def keep(folder: Path, kept: Execution, **changes: Any) -> None:
    keep_stream(folder, SETTINGS.redact, attempt(**changes), kept)


def test_what_was_kept_is_read_back(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "decider-1")
    keep(folder, execution())
    assert read_stream(folder, attempt()) == "\n".join(EVENTS)
    assert read_calls(folder, attempt()) == [CALL]
    name = "debugging-case-1.sim-cedar@high-e5784c.r1.n1.jsonl.gz"
    assert files(folder) == [f"calls/{name}", f"events/{name}"]


def test_each_attempt_has_its_own(tmp_path: Path) -> None:
    kept: list[dict[str, Any]] = [{}, {"number": 2}, {"repetition": 2}, {"case": 2}, {"candidate": Candidate("sim/x")}]
    for number, changes in enumerate(kept):
        keep(tmp_path, execution(events=(str(number),), calls=()), **changes)
    assert [read_stream(tmp_path, attempt(**changes)) for changes in kept] == ["0", "1", "2", "3", "4"]


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    keep(folder, execution(), candidate=Candidate("../../../x y\n/z"))
    assert len(files(folder)) == len(files(tmp_path)) == 2


def test_keys_are_taken_out(tmp_path: Path) -> None:
    leaks = ("the-real-key", "sk-routelab-0123456789abcdef-0123456789abcdef", "Bearer abcdefghijklmnop")
    keep(tmp_path, execution(events=leaks, calls=(ProxyCall(**_fields(CALL), error="key the-real-key refused"),)))
    stored = b"".join(gzip.decompress(file.read_bytes()) for file in tmp_path.rglob("*.gz"))
    assert stored.count(b"[redacted]") == 4
    for leak in (b"the-real-key", b"sk-routelab", b"abcdefghijklmnop"):
        assert leak not in stored


def _fields(call: ProxyCall) -> dict[str, Any]:
    return {name: getattr(call, name) for name in ("started_at", "path", "api_kind", "status")}


def test_nothing_is_kept_of_nothing(tmp_path: Path) -> None:
    keep(tmp_path, execution(events=(), calls=()))
    assert files(tmp_path) == []
    assert read_stream(tmp_path, attempt()) is None
    assert read_calls(tmp_path, attempt()) == []


def test_text_that_no_file_can_hold_loses_only_itself(tmp_path: Path) -> None:
    keep(tmp_path, execution(events=("a \ud800 b",), calls=()))
    assert read_stream(tmp_path, attempt()) == "a ? b"
    keep(tmp_path, execution(calls=(ProxyCall(**_fields(CALL), error="the endpoint said \ud800"),)), number=2)


def _truncated(whole: bytes) -> bytes:
    return whole[:-12]


def _altered(whole: bytes) -> bytes:
    return whole[:12] + bytes(byte ^ 0xFF for byte in whole[12:])


@pytest.mark.parametrize("spoil", [_truncated, _altered, lambda _: b"", lambda _: b"no gzip at all"])
def test_a_spoiled_file_counts_as_none(tmp_path: Path, spoil: Any) -> None:
    keep(tmp_path, execution(events=tuple(map(str, range(500)))))
    for file in tmp_path.rglob("*.gz"):
        file.write_bytes(spoil(file.read_bytes()))
    assert not read_stream(tmp_path, attempt())
    assert list(read_calls(tmp_path, attempt())) == []


@pytest.mark.parametrize("line", ['{"path": 3}', "no JSON", '{"of": "another version"}'])
def test_calls_that_cannot_be_understood_count_as_none(tmp_path: Path, line: str) -> None:
    keep(tmp_path, execution())
    [file] = (tmp_path / "calls").iterdir()
    file.write_bytes(gzip.compress(line.encode()))
    assert list(read_calls(tmp_path, attempt())) == []


@pytest.mark.parametrize("obstacle", ["a file in the folder's place", "a folder in the file's place"])
def test_a_stream_that_cannot_be_written_is_no_error(tmp_path: Path, obstacle: str) -> None:
    keep(tmp_path, execution())
    for kept in files(tmp_path):
        (tmp_path / kept).unlink()
        if obstacle.startswith("a folder"):
            (tmp_path / kept).mkdir()
    if obstacle.startswith("a file"):
        for name in ("events", "calls"):
            (tmp_path / name).rmdir()
            (tmp_path / name).write_text("")
    keep(tmp_path, execution())
    assert read_stream(tmp_path, attempt()) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_no_error(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], check=True)
    try:
        (tmp_path / "filler").write_bytes(bytes(30_000))
        keep(tmp_path, execution(events=(os.urandom(200_000).hex(),)))
        assert read_stream(tmp_path, attempt()) is None
        (tmp_path / "filler").unlink()
        keep(tmp_path, execution(), number=2)
        assert read_stream(tmp_path, attempt(number=2)) == "\n".join(EVENTS)
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
