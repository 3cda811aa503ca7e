"""Which files of a log are removed, and when."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from tests.serve.decision_log.conftest import WRITERS

from routelab.config import parse_config
from routelab.decision_log.files import LogFile
from routelab.decision_log.rows import SCHEMA
from routelab.errors import ConfigError
from routelab_serve.decision_log import DecisionLog, Retention

TODAY = date(2026, 11, 21)


def days_ago(days):
    return TODAY - timedelta(days=days)


def filled(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("rows")


def left(folder):
    return {place.name for place in folder.iterdir()}


def apply(folder, days, today=TODAY):
    Retention(folder, days, today=lambda: today).apply()


def test_only_days_that_are_over_for_longer_go(folder):
    files = {days: LogFile("log", days_ago(days), "sqlite").name for days in (-1, 0, 1, 2, 3, 400)}
    filled(folder, *files.values())
    apply(folder, 2)
    assert left(folder) == {files[days] for days in (-1, 0, 1, 2)}


def test_every_form_goes_with_what_stands_beside_it(folder):
    old = days_ago(9)
    sqlite = LogFile("log", old, "sqlite", "0abc").name
    parquet = LogFile("decisions", old, "parquet", "1").name
    filled(folder, sqlite, f"{sqlite}-wal", f"{sqlite}-shm", parquet, f"{parquet}.part")
    filled(folder, LogFile("shadows", old, "jsonl", "2").name)
    apply(folder, 1)
    assert left(folder) == set()


def test_what_the_log_does_not_name_stays(folder):
    names = {
        "notes-2020-01-01.txt",
        "log-2020-01-01.sqlite",
        "log-2020-01-01.v1.sqlite.bak",
        "log-2020-01-01.v1.sqlite.part",
        "log-2020-01-01.v1.parquet-wal",
        f"log-2020-01-01.v{SCHEMA + 1}.sqlite",
        "log-2020-01-01.v01.sqlite",
        "log-2020-02-31.v1.sqlite",
        "LOG-2020-01-01.v1.sqlite",
        "my-log-2020-01-01.v1.sqlite",
        "log-2020-01-01.v1.sqlite-wal-shm",
    }
    filled(folder, *names)
    (folder / "log-2020-01-01.v1.sqlite").mkdir()
    (folder / "log-2020-01-02.v1.sqlite").symlink_to(folder / "notes-2020-01-01.txt")
    apply(folder, 1)
    assert left(folder) == names | {"log-2020-01-01.v1.sqlite", "log-2020-01-02.v1.sqlite"}


def test_it_is_done_once_a_day(folder):
    today = TODAY
    retention = Retention(folder, 1, today=lambda: today)
    retention.apply()
    old = LogFile("log", days_ago(2), "sqlite").name
    filled(folder, old)
    retention.apply()
    assert left(folder) == {old}
    today += timedelta(days=1)
    retention.apply()
    assert left(folder) == set()


def test_a_folder_that_cannot_be_read_is_one_line_a_day(folder):
    folder.write_text("")
    retention = Retention(folder, 1, today=lambda: TODAY)
    with capture_logs() as said:
        retention.apply()
        retention.apply()
    assert [(line["event"], line["log_level"]) for line in said] == [("decision_log_not_cleared", "warning")]


@pytest.mark.parametrize("form", list(WRITERS))
async def test_a_log_clears_its_folder_while_it_writes(folder, form, make_entry):
    old = LogFile("log", date(2020, 1, 1), "sqlite").name
    filled(folder, old)
    log = DecisionLog(WRITERS[form](folder), sample_rate=1.0, retention=Retention(folder, 1), flush_s=0.01)
    async with log.running():
        log.record(make_entry(at=datetime.now(UTC).timestamp()))
        for _ in range(500):
            if old not in left(folder):
                break
            await asyncio.sleep(0.01)
    assert len(left(folder)) == 1
    assert str(datetime.now(UTC).date()) in left(folder).pop()


async def test_a_log_outlives_whatever_goes_wrong_while_it_clears(folder, memory, make_entry):
    log = DecisionLog(
        memory, sample_rate=1.0, retention=Retention(folder, 1, today=lambda: date(0, 0, 0)), flush_s=0.01
    )
    async with log.running():
        for _ in range(3):
            log.record(make_entry())
            await asyncio.sleep(0.03)
        assert len(memory.rows) == 3


async def test_a_configured_shim_clears_its_log(open_shim, folder):
    old = LogFile("log", date(2020, 1, 1), "sqlite").name
    filled(folder, old)
    async with open_shim(decision_log={"format": "sqlite", "folder": str(folder), "retention_days": 30}):
        for _ in range(500):
            if old not in left(folder):
                break
            await asyncio.sleep(0.01)
    assert left(folder) == set()


def test_a_configured_log_keeps_everything_unless_told(tmp_path):
    assert parse_config({}, root=tmp_path).serve.decision_log.retention_days is None
    with pytest.raises(ConfigError, match="retention_days"):
        parse_config({"serve": {"decision_log": {"retention_days": 0}}}, root=tmp_path)
