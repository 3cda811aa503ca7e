"""Reading a log from files as the shim leaves them, and as it never would."""

import sqlite3
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from tests.serve.decision_log.conftest import WRITERS, classification, decision

from routelab.decision_log import LoggedDecision, LoggedShadow, read_decisions, read_shadows, scan
from routelab.decision_log.files import LogFile, parse_name
from routelab.decision_log.rows import SCHEMA
from routelab.errors import UserError
from routelab_serve.decision_log.flatten import Flattener
from routelab_serve.entry import Entry

DAY = datetime(2026, 11, 21, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ROW = Flattener(hash_key=b"k", redact=None).row(
    Entry(decision_id="d", at=DAY.timestamp(), decision=decision(), classification=classification()),
    sampled=True,
    sample_rate=1.0,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "log"


def rows_at(*moments):
    return [replace(ROW, decision_id=str(number), at=at) for number, at in enumerate(moments)]


def write(folder, rows, form="sqlite", *, ended=True):
    writer = WRITERS[form](folder)
    writer.write(rows)
    if ended:
        writer.close()


def ids(rows):
    return [row.decision_id for row in rows]


def test_no_such_log_is_the_readers_mistake(tmp_path):
    for read in (read_decisions, read_shadows, lambda path: scan(path, LoggedDecision)):
        with pytest.raises(UserError, match="there is no decision log at"):
            read(tmp_path / "nowhere")
        assert list(read(tmp_path)) == []


def test_files_of_others_are_left_alone(folder):
    write(folder, [ROW])
    (folder / "notes.txt").write_text("log-2026-11-21")
    (folder / "log-2026-13-41.sqlite").write_text("")
    assert ids(read_decisions(folder)) == ["d"]


def test_a_newer_schema_is_told(folder):
    folder.mkdir()
    (folder / LogFile("log", DAY.date(), "sqlite", schema=SCHEMA + 1).name).touch()
    with pytest.raises(UserError, match="written by a newer routelab"):
        read_decisions(folder)


def test_a_log_of_the_first_schema_is_read(folder):
    shadow = LoggedShadow(decision_id="d", at=DAY, router="morph", outcome="skipped", reason="no_key")
    write(folder, [ROW, shadow])
    place = next(folder.iterdir())
    younger = {
        "decisions": ("client_request_id", "mode", "user_agent", "body_bytes"),
        "shadows": ("our_avg_cost_usd", "shadow_avg_cost_usd", "conversation_hash", "sample_rate"),
    }
    with closing(sqlite3.connect(place)) as connection:
        for stream, names in younger.items():
            for name in names:
                connection.execute(f"ALTER TABLE {stream} DROP COLUMN {name}")
    place.rename(folder / LogFile("log", DAY.date(), "sqlite", schema=1).name)
    assert list(read_decisions(folder)) == [ROW]
    assert list(read_shadows(folder)) == [shadow]


@pytest.mark.parametrize("form", list(WRITERS))
@pytest.mark.parametrize("junk", [b"", b"junk\n" * 1000])
def test_a_broken_file_is_left_out_and_the_others_are_read(folder, form, junk):
    write(folder, rows_at(DAY, DAY + timedelta(days=1)), form)
    first = min(folder.iterdir())
    first.write_bytes(junk)
    with capture_logs() as said:
        assert ids(read_decisions(folder)) == ["1"]
    assert [(line["event"], first.name in line["file"]) for line in said] == [("decision_log_file_broken", True)]


@pytest.mark.parametrize("form", list(WRITERS))
@pytest.mark.parametrize("ended", [True, False])
def test_limits_hold_to_the_microsecond(folder, form, ended):
    tick = timedelta(microseconds=1)
    moments = [DAY + SECOND - tick, DAY + SECOND, DAY + SECOND + tick, DAY + 2 * SECOND - tick, DAY + 2 * SECOND]
    write(folder, rows_at(*moments), form, ended=ended)
    for first, since in enumerate(moments):
        for last, until in enumerate(moments):
            expected = [str(number) for number in range(first, last)]
            assert ids(read_decisions(folder, since=since, until=until)) == expected
            assert sorted(ids(scan(folder, LoggedDecision, since, until))) == expected


@pytest.mark.parametrize("form", list(WRITERS))
def test_decisions_of_the_same_moment_keep_the_order_they_were_written_in(folder, form):
    write(folder, rows_at(DAY, DAY, DAY + SECOND, DAY, DAY + SECOND), form)
    assert ids(read_decisions(folder)) == ["0", "1", "3", "2", "4"]


@pytest.mark.parametrize("form", list(WRITERS))
def test_files_of_a_day_that_overlap_are_read_as_one(folder, form):
    rows = rows_at(*(DAY + number * SECOND / 7 for number in range(60)))
    for ended, part in ((True, rows[0::3]), (True, rows[:30:2]), (False, rows[1::3]), (True, rows[2::3])):
        write(folder, part, form, ended=ended)
    assert list(read_decisions(folder)) == rows
    late = rows[20].at
    assert list(read_decisions(folder, since=late)) == rows[20:]


@pytest.mark.parametrize("form", list(WRITERS))
def test_a_long_day_is_never_held_as_a_whole(folder, form):
    for hour in range(8):
        write(
            folder,
            [replace(ROW, decision_id=f"{hour}-{n}", at=DAY + hour * 1000 * SECOND + n * SECOND) for n in range(1000)],
            form,
        )
    read = read_decisions(folder)
    first = next(read)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read) + 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (first.decision_id, count) == ("0-0", 8000)
    assert peak < 4_000_000, "as a whole it takes 10 MB"


def test_a_scan_of_sqlite_begins_with_the_newest(folder):
    moments = [DAY + timedelta(hours=hours) for hours in (1, 30, 2, 26)]
    write(folder, rows_at(*moments))
    assert ids(islice(scan(folder, LoggedDecision), 3)) == ["1", "3", "2"]


def test_a_scan_reads_shadows_too(folder):
    answer = LoggedShadow(decision_id="d", at=DAY, router="morph", outcome="answered", our_model="a", shadow_model="a")
    write(folder, [answer, ROW])
    assert list(scan(folder, LoggedShadow)) == [answer]


def test_a_file_is_told_by_its_name():
    for file in (LogFile("log", DAY.date(), "sqlite"), LogFile("shadows", DAY.date(), "parquet", "0abc", 7)):
        assert parse_name(file.name) == file
    for name in ("log-2026-11-21.sqlite", "other-2026-11-21.v1.sqlite", "log-2026-11-21.v1.sqlite-wal"):
        assert parse_name(name) is None
