"""Sessions in real SQLite files: bounds, sudden death, and places that cannot be used."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from routelab_serve.sessions import Sessions
from routelab_serve.sessions.sqlite_store import SqliteStore

WRITING = """
import asyncio, sys, time
from pathlib import Path
from routelab.taxonomy import load_taxonomy
from routelab_serve.sessions import Sessions, continued
from routelab_serve.sessions.sqlite_store import SqliteStore

async def main() -> None:
    store = SqliteStore(Path(sys.argv[1]), max_rows=1_000_000)
    sessions = Sessions(load_taxonomy(Path(sys.argv[2])), max_conversations=1_000_000, store=store)
    number = 0
    while True:
        for _ in range(10):
            at_s = time.time()
            told = continued(None, model="atlas", variant=None, route="a/b", at_s=at_s)
            sessions.remember(number.to_bytes(16).hex(), told)
            print(number, at_s, flush=True)
            number += 1
        await asyncio.sleep(0.005)

asyncio.run(main())
"""


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        [found] = connection.execute("SELECT count(*) FROM session").fetchone()
    return int(found)


def entries(numbers: range) -> list[tuple[bytes, bytes]]:
    return [(number.to_bytes(16), b"x" * 100) for number in numbers]


def tell_and_die(file: Path) -> tuple[dict[int, float], float]:
    """What a process told its sessions and when, and when it was killed (unix seconds)."""
    taxonomy_file = Path(__file__).parents[3] / "datasets/taxonomy/v1/taxonomy.json"
    command = [sys.executable, "-c", WRITING, str(file), str(taxonomy_file)]
    told: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            number, at_s = line.split()
            told[int(number)] = float(at_s)
            if float(at_s) - told[0] > 2.5:
                break
        process.kill()
        return told, time.time()


@pytest.mark.slow
async def test_killing_the_writing_process_loses_at_most_a_second(file, taxonomy):
    told, killed_s = await asyncio.to_thread(tell_and_die, file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    due = [number.to_bytes(16) for number, at_s in told.items() if at_s < killed_s - 1]
    assert len(due) > 50
    async with aclosing(
        Sessions(taxonomy, max_conversations=10, store=SqliteStore(file, max_rows=10), deadline_s=5)
    ) as s:
        assert all([(await s.load(key.hex())).conversation is not None for key in due])


async def test_rows_are_bounded_and_those_put_longest_ago_go_first(file):
    clock = Clock()
    store = SqliteStore(file, max_rows=160, clock=clock)
    for start in range(0, 1000, 5):
        await store.put_many(entries(range(start, start + 5)))
        clock.now += 0.1
        assert rows(file) <= 160 + 10 + 5
    assert await store.get_many([key for key, _ in entries(range(860, 1000))]) == [b"x" * 100] * 140
    await store.close()


async def test_expired_rows_are_swept_away(file):
    clock = Clock()
    store = SqliteStore(file, max_rows=1000, clock=clock)
    await store.put_many(entries(range(50)))
    clock.now += 1800
    await store.put_many(entries(range(100, 101)))
    assert rows(file) == 1
    await store.close()


async def test_a_file_that_is_no_database_costs_stickiness_across_processes_only(file, taxonomy, new_key, on):
    junk, errors, key = b"this is no database, it only has the name of one\n" * 50, list[str](), new_key()
    file.write_bytes(junk)
    store = SqliteStore(file, max_rows=10)
    async with aclosing(
        Sessions(taxonomy, max_conversations=10, store=store, trust_s=0.0, deadline_s=5, on_error=errors.append)
    ) as sessions:
        sessions.remember(key, on("atlas"))
        assert (await sessions.load(key)).conversation.model == "atlas"
        await asyncio.sleep(0.1)
    assert {"read_failed", "write_failed"} == set(errors)
    assert file.read_bytes() == junk


async def test_a_place_that_becomes_usable_is_used(tmp_path, taxonomy, new_key, on):
    blocked, key = tmp_path / "folder", new_key()
    blocked.write_text("")
    store = SqliteStore(blocked / "sessions.db", max_rows=10)
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=store)) as sessions:
        sessions.remember(key, on("atlas"))
        await asyncio.sleep(0.1)
        blocked.unlink()
    assert rows(blocked / "sessions.db") == 1


async def test_after_a_failure_the_file_is_opened_anew(file):
    store = SqliteStore(file, max_rows=10)
    await store.put_many(entries(range(1)))
    with closing(sqlite3.connect(file)) as other:
        other.execute("DROP TABLE session")
    with pytest.raises(sqlite3.OperationalError):
        await store.put_many(entries(range(1)))
    await store.put_many(entries(range(1)))
    assert rows(file) == 1
    await store.close()


@pytest.mark.parametrize("endings", [("",), ("", "-wal", "-shm")])
async def test_a_file_that_was_removed_is_begun_anew_and_shared_again(file, endings):
    one, two = SqliteStore(file, max_rows=10), SqliteStore(file, max_rows=10)
    [(key, value)] = entries(range(1))
    for store in (one, two):
        await store.put_many([(key, value)])
        assert await store.get_many([key]) == [value]
    for ending in endings:
        file.with_name(file.name + ending).unlink()
    assert await two.get_many([key]) == [None]
    await one.put_many([(key, b"new")])
    assert await two.get_many([key]) == await one.get_many([key]) == [b"new"]
    await two.put_many(entries(range(1, 4)))
    await one.close()
    await two.close()
    assert rows(file) == 4
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_while_another_process_holds_the_file_reading_goes_on_and_writing_waits(file, taxonomy, new_key, on):
    old, new, errors = new_key(), new_key(), list[str]()
    async with aclosing(Sessions(taxonomy, max_conversations=10, store=SqliteStore(file, max_rows=10))) as before:
        before.remember(old, on("atlas"))
    store = SqliteStore(file, max_rows=10)
    sessions = Sessions(taxonomy, max_conversations=10, store=store, trust_s=0.0, deadline_s=5, on_error=errors.append)
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        # Opened before the file is held, since making the tables is writing too.
        await sessions.load(old)
        holder.execute("BEGIN IMMEDIATE")
        sessions.remember(new, on("cedar"))
        await asyncio.sleep(0.2)
        assert (await sessions.load(old)).conversation.model == "atlas"
        assert rows(file) == 1
        holder.execute("ROLLBACK")
    await sessions.aclose()
    assert rows(file) == 2
    assert "read_failed" not in errors


async def test_the_file_says_nothing_of_who_or_what(file, taxonomy, on):
    from routelab.decision import conversation_key

    async with aclosing(Sessions(taxonomy, max_conversations=10, store=SqliteStore(file, max_rows=10))) as sessions:
        sessions.remember(conversation_key(user_id="ann@example.org", session_id="secret-session"), on("atlas"))
    content = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"atlas" in content
    assert b"ann@example" not in content
    assert b"secret-session" not in content
    assert list(file.parent.iterdir()) == [file]
