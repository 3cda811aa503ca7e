"""Rows on disk: whole, by day, read back as they were, whatever happens to process, disk and file."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from structlog.testing import capture_logs
from tests.serve.decision_log.conftest import WRITERS

from routelab.decision_log import LoggedDecision, LoggedShadow, read_decisions, read_shadows
from routelab.decision_log.files import LogFile, parse_name
from routelab_serve.decision_log import DecisionLog, LogUnavailable, SqliteWriter
from routelab_serve.decision_log import parquet_writer as parquet_module
from routelab_serve.decision_log.flatten import Flattener
from routelab_serve.decision_log.parquet_writer import ParquetWriter

DAY = datetime(2026, 11, 21, tzinfo=UTC)
text = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = {
    str: text,
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    datetime: st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3), timezones=st.just(UTC)),  # noqa: DTZ001
    tuple[str, ...]: st.lists(text, max_size=3).map(tuple),
    type(None): st.none(),
}


def rows_of(row_type):
    """Any row a type can hold, not only sensible ones."""
    fields = {}
    for name, hint in get_type_hints(row_type).items():
        parts = [hint] if hint in VALUES else get_args(hint)
        fields[name] = st.one_of(*(VALUES.get(part, st.just(part)) for part in parts))
    return st.builds(row_type, **fields)


@pytest.fixture
def make_row(make_entry):
    flattener = Flattener(hash_key=b"k", redact=None)

    def make(**changes):
        return replace(flattener.row(make_entry(), sampled=True, sample_rate=1.0), **changes)

    return make


def ids(folder, **limits):
    return [row.decision_id for row in read_decisions(folder, **limits)]


def names(folder):
    return sorted(place.name for place in folder.iterdir())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(rows_of(LoggedDecision), max_size=4, unique_by=(lambda row: row.decision_id, lambda row: row.at)),
    st.lists(rows_of(LoggedShadow), max_size=4, unique_by=lambda row: row.decision_id),
)
@pytest.mark.parametrize("ended", [True, False])
def test_rows_are_read_back_as_they_were(tmp_path_factory, make_writer, ended, decisions, shadows):
    folder = tmp_path_factory.mktemp("log")
    writer = make_writer(folder)
    writer.write([*decisions, *shadows])
    if ended:
        writer.close()
    assert list(read_decisions(folder)) == sorted(decisions, key=lambda row: row.at)
    assert sorted(read_shadows(folder), key=str) == sorted(shadows, key=str)
    writer.close()


def test_files_are_by_day_and_limits_choose_from_them(folder, make_writer, make_row):
    writer = make_writer(folder)
    moments = [DAY - timedelta(microseconds=1), DAY, DAY + timedelta(hours=23), DAY + timedelta(days=1)]
    writer.write([make_row(decision_id=str(number), at=at) for number, at in enumerate(moments)])
    writer.close()
    assert {parse_name(name).day for name in names(folder)} == {date(2026, 11, day) for day in (20, 21, 22)}
    assert ids(folder) == ["0", "1", "2", "3"]
    assert ids(folder, since=DAY) == ["1", "2", "3"]
    assert ids(folder, until=DAY) == ["0"]
    assert ids(folder, since=DAY, until=DAY + timedelta(days=1)) == ["1", "2"]
    assert ids(folder, since=moments[2] + timedelta(seconds=1), until=moments[3]) == []


def test_rows_written_twice_are_there_once(folder, make_writer, make_row):
    rows = [make_row() for _ in range(5)]
    for _ in range(2):
        writer = make_writer(folder)
        writer.write(rows)
        writer.close()
    assert ids(folder) == [row.decision_id for row in rows]


def test_a_log_that_is_being_written_can_be_read(folder, make_writer, make_row):
    writer = make_writer(folder)
    for number in range(1, 4):
        writer.write([make_row()])
        assert len(ids(folder)) == number
    writer.close()


def test_two_processes_share_a_folder(folder, make_writer, make_row):
    one, other = make_writer(folder), make_writer(folder)
    for _ in range(10):
        one.write([make_row()])
        other.write([make_row()])
    one.close()
    other.close()
    assert len(ids(folder)) == 20


def test_what_somebody_removed_is_begun_anew(folder, make_writer, make_row):
    writer = make_writer(folder)
    writer.write([make_row()])
    shutil.rmtree(folder)
    writer.write([make_row(decision_id="later")])
    assert ids(folder) == ["later"]
    writer.close()


def test_a_broken_sqlite_file_is_kept_and_another_begun(folder, make_row):
    folder.mkdir()
    place = folder / LogFile("log", DAY.date(), "sqlite").name
    junk = b"this is no database" * 1000
    place.write_bytes(junk)
    writer = SqliteWriter(folder)
    rows = [make_row(), make_row()]
    with pytest.raises(LogUnavailable, match="file is not a database"):
        writer.write(rows)
    writer.write(rows)
    writer.close()
    assert place.read_bytes() == junk
    assert len(names(folder)) == 2
    assert ids(folder) == [row.decision_id for row in rows]


def test_a_sqlite_file_of_another_make_is_kept_and_another_begun(folder, make_row):
    folder.mkdir()
    place = folder / LogFile("log", DAY.date(), "sqlite").name
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE decisions (decision_id, at)")
    connection.close()
    writer = SqliteWriter(folder)
    with pytest.raises(LogUnavailable, match="columns"):
        writer.write([make_row()])
    writer.write([make_row()])
    writer.close()
    assert len(ids(folder)) == 1


def test_a_sqlite_file_that_breaks_while_it_is_open_is_left(folder, make_row):
    writer = SqliteWriter(folder)
    writer.write([make_row() for _ in range(50)])
    for place in folder.iterdir():
        size = place.stat().st_size
        with place.open("r+b") as file:
            file.write(b"\xff" * size)
    refused = 0
    for number in range(5):
        try:
            writer.write([make_row(decision_id=f"later-{number}")])
        except LogUnavailable:
            refused += 1
    writer.close()
    assert refused <= 2
    assert len(ids(folder)) >= 3


def test_a_row_the_database_cannot_hold_is_the_rows_fault(folder, make_row):
    writer = SqliteWriter(folder)
    with pytest.raises((OverflowError, sqlite3.ProgrammingError)):
        writer.write([make_row(message_count=2**70)])
    writer.write([make_row()])
    assert len(names(folder)) == len({"log", "wal", "shm"})
    writer.close()


def test_a_place_that_cannot_be_used_is_unavailable_until_it_can(tmp_path, make_writer, make_row):
    folder = tmp_path / "log"
    folder.write_text("a file, not a folder")
    writer = make_writer(folder)
    with pytest.raises(LogUnavailable):
        writer.write([make_row()])
    folder.unlink()
    writer.write([make_row()])
    assert len(ids(folder)) == 1
    writer.close()


def test_a_journal_becomes_a_parquet_file_when_it_is_due(folder, make_row, monkeypatch):
    today = datetime.now(UTC)
    writer = ParquetWriter(folder)
    writer.write([make_row(at=today)])
    assert [parse_name(name).form for name in names(folder)] == ["jsonl"]
    monkeypatch.setattr(parquet_module, "_MAX_ROWS", 3)
    writer.write([make_row(at=today), make_row(at=today)])
    assert [parse_name(name).form for name in names(folder)] == ["parquet"]
    writer.write([make_row(at=today)])
    monkeypatch.setattr(parquet_module, "_MAX_AGE_S", 0.0)
    writer.write([])
    assert [parse_name(name).form for name in names(folder)] == ["parquet", "parquet"]
    assert len(ids(folder)) == 4


def test_journals_left_behind_become_parquet_files_but_those_in_use_stay(folder, make_row):
    today = datetime.now(UTC)
    in_use = ParquetWriter(folder)
    in_use.write([make_row(at=today)])
    left = folder / LogFile("decisions", today.date(), "jsonl", "0abc").name
    left.write_bytes(next(folder.glob("*.jsonl")).read_bytes().replace(b"decision-", b"left-") + b'{"cut off')
    ParquetWriter(folder).write([])
    assert sorted(parse_name(name).form for name in names(folder)) == ["jsonl", "parquet"]
    assert sorted(row_id.split("-")[0] for row_id in ids(folder)) == ["decision", "left"]
    in_use.close()


def test_a_journal_that_cannot_be_read_stays_and_stops_nothing(folder, make_row):
    folder.mkdir()
    left = folder / LogFile("decisions", DAY.date(), "jsonl", "0abc").name
    left.write_bytes(b"junk\n")
    writer = ParquetWriter(folder)
    writer.write([make_row()])
    writer.close()
    assert left.read_bytes() == b"junk\n"
    assert len(ids(folder)) == 1


def test_a_journal_that_cannot_be_opened_is_told_of_once_and_stops_nothing(folder, make_row):
    foreign = folder / LogFile("decisions", DAY.date(), "jsonl", "0abc").name
    foreign.mkdir(parents=True)  # as good as another user's, and so for root too
    left = folder / LogFile("decisions", DAY.date(), "jsonl", "1abc").name
    left.write_bytes(b"")
    writer = ParquetWriter(folder)
    with capture_logs() as said:
        writer.write([make_row()])
        writer.write([make_row()])
        writer._abandon()  # as after a full disk
        writer.write([make_row()])
        writer.close()
    assert [(line["event"], line["file"]) for line in said] == [("decision_log_journal_kept", str(foreign))]
    assert not left.exists()
    foreign.rmdir()
    assert len(ids(folder)) == 3


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip(f"cannot mount a small file system: {made.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


async def test_a_full_disk_never_disturbs_and_loses_no_row_that_has_room_to_wait(small_disk, make_writer, make_entry):
    log = DecisionLog(make_writer(small_disk / "log"), sample_rate=1.0, flush_s=0.02, max_waiting=5000)
    async with log.running():
        recorded = 0
        while log.counts.problem is None and recorded < 20_000:
            for _ in range(20):
                log.record(make_entry())
            recorded += 20
            await asyncio.sleep(0.02)
        assert log.counts.problem is not None
        await asyncio.to_thread(subprocess.run, ["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        for _ in range(200):
            if log.counts.written == recorded:
                break
            await asyncio.sleep(0.05)
    assert (log.counts.written, log.counts.dropped) == (recorded, 0)
    assert len(ids(small_disk / "log")) == recorded


WORKER = """
import asyncio, sys, time
from pathlib import Path
from tests.serve.decision_log.conftest import WRITERS, classification, decision
from routelab_serve.decision_log import DecisionLog
from routelab_serve.entry import Entry

async def work():
    log = DecisionLog(WRITERS[sys.argv[1]](Path(sys.argv[2])), sample_rate=1.0)
    async with log.running():
        for number in range(1_000_000):
            at = time.time()
            log.record(Entry(decision_id=f"{number:07}", at=at, decision=decision(), classification=classification()))
            print(number, at, flush=True)
            await asyncio.sleep(0.001)

asyncio.run(work())
"""


@pytest.mark.parametrize("form", list(WRITERS))
@pytest.mark.slow
def test_a_killed_process_loses_no_more_than_the_last_second(folder, form):
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", WORKER, form, str(folder)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        until = None
        for line in process.stdout:
            lines.append(line)
            until = until or time.monotonic() + 2.3
            if time.monotonic() >= until:
                break
        process.kill()
        lines += process.stdout.readlines()
    number, at = lines[-1].split() if lines[-1].endswith("\n") else lines[-2].split()
    kept = list(read_decisions(folder))
    assert [int(row.decision_id) for row in kept] == list(range(len(kept)))  # none is missing in between
    assert len(kept) <= int(number) + 2
    assert float(at) - kept[-1].at.timestamp() < 1.0
    again = WRITERS[form](folder)
    again.write([replace(kept[0], decision_id="after")])
    again.close()
    assert len(list(read_decisions(folder))) == len(kept) + 1
