"""Tables from a file, and from another shim; the store is told in test_tables."""

import asyncio
import os
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from routelab.errors import ConfigError, TableError
from routelab.records import Candidate, ClassifierWinner, Publication
from routelab.table import dump_table, with_winner
from routelab.table_sources import FileSource, HttpSource, SourceFailed
from routelab.table_sources import http_source as http_source_module
from routelab_serve.tables import LiveTable
from routelab_serve.tables import live as live_module
from routelab_serve.tables.document import document_of
from routelab_serve.tables.store_source import StoreSource


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to this within 10 s")


class Peer(ThreadingHTTPServer):
    """Another shim's face: `table` and `winner` are served with their tag; `faulty` answers instead, when set."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.table = self.winner = self.key = self.faulty = self.history = None
        self.delay_s = 0.0
        self.statuses = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Peer

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.server.statuses.append(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        peer = self.server
        time.sleep(peer.delay_s)
        if peer.faulty is not None:
            return self.answer(*peer.faulty)
        if peer.key is not None and self.headers["authorization"] != f"Bearer {peer.key}":
            return self.answer(401)
        if self.path == "/routing-table/history" and peer.history is not None:
            return self.answer(200, msgspec.json.encode(peer.history))
        known = {"/routing-table"} if peer.table is None else {"/routing-table", f"/routing-table/{peer.table.version}"}
        if peer.table is None or self.path not in known:
            return self.answer(404)
        document = document_of(with_winner(peer.table, peer.winner))
        if document.is_known(self.headers["if-none-match"]):
            return self.answer(304, ETag=document.etag)
        return self.answer(200, document.body, ETag=document.etag)


@pytest.fixture
def peer():
    server = Peer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "table.json"


async def test_a_table_file_is_served_and_followed_when_it_changes(file, make_table, rules, monkeypatch):
    monkeypatch.setattr(live_module, "_WATCH_S", 0.02)
    first, second = make_table(), make_table(min_accuracy=0.8)
    file.write_bytes(dump_table(first))
    live_table = LiveTable(FileSource(file), rules, max_age_s=3600)
    async with live_table.kept_fresh():
        assert live_table.live.table == first
        file.write_bytes(b"{")
        await until(lambda: live_table.live.problem == "untrusted")
        assert live_table.live.table == first
        file.unlink()
        await until(lambda: live_table.live.problem == "file")
        assert live_table.live.table == first
        file.write_bytes(dump_table(second))
        await until(lambda: live_table.live.problem is None)
        assert live_table.live.table == second


async def test_a_table_file_that_comes_later_is_taken_up(file, make_table, rules, monkeypatch):
    monkeypatch.setattr(live_module, "_WATCH_S", 0.02)
    live_table = LiveTable(FileSource(file), rules, max_age_s=3600)
    async with live_table.kept_fresh():
        assert (live_table.live.table, live_table.live.problem) == (None, "file")
        file.write_bytes(dump_table(make_table()))
        await until(lambda: live_table.live.table is not None)


async def test_an_edited_table_file_is_refused(file, make_table, rules):
    file.write_bytes(dump_table(make_table()).replace(b'"accuracy": 0.98', b'"accuracy": 0.99', 1))
    report = await LiveTable(FileSource(file), rules).reload()
    assert (report.version, report.problem) == (None, "untrusted")
    assert "was changed after it was written" in report.detail


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"routes": {"a": [{"model": 1}]}}'])
def test_junk_is_no_table(file, content):
    file.write_bytes(content)
    with pytest.raises(TableError):
        FileSource(file).read()


def test_a_folder_or_an_endless_file_is_no_table(tmp_path):
    with pytest.raises(SourceFailed, match="cannot read the table file"):
        FileSource(tmp_path).read()
    endless = tmp_path / "endless"
    endless.symlink_to("/dev/zero")
    with pytest.raises(SourceFailed, match="is larger than"):
        FileSource(endless).read()


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFailed, match="is a pipe"):
        FileSource(tmp_path / "pipe").read()


async def test_a_file_knows_its_own_version_and_no_history(file, make_table, rules):
    table = make_table()
    file.write_bytes(dump_table(table))
    live_table = LiveTable(FileSource(file), rules)
    assert await live_table.version(table.version) == table
    assert await live_table.version("another") is None
    assert await live_table.history() is None


async def test_another_shims_table_is_sent_once(peer, make_table, rules):
    peer.table = replace(make_table(), published_at="2026-11-21T00:00:00+00:00")
    live_table = LiveTable(HttpSource(peer.url), rules)
    reports = [await live_table.reload() for _ in range(3)]
    assert live_table.live.table == peer.table
    assert [report.changed for report in reports] == [True, False, False]
    assert peer.statuses == [200, 304, 304]
    peer.table = make_table(min_accuracy=0.8)
    assert (await live_table.reload()).version == peer.table.version
    assert live_table.document.etag == document_of(with_winner(peer.table, None)).etag


async def test_another_shim_is_asked_with_a_key_and_under_a_path(peer, make_table, rules):
    peer.table, peer.key = make_table(), "open-sesame"
    refused = await LiveTable(HttpSource(peer.url, api_key="guess"), rules).reload()
    assert (refused.problem, refused.version) == ("shim", None)
    assert "status 401" in refused.detail
    let_in = await LiveTable(HttpSource(f"{peer.url}/", api_key="open-sesame"), rules).reload()
    assert let_in.version == peer.table.version


async def test_another_shim_without_a_table_publishes_none(peer, rules):
    report = await LiveTable(HttpSource(peer.url), rules).reload()
    assert (report.problem, report.version) == ("unpublished", None)


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        ((500, b"sorry"), "shim"),
        ((302, b""), "shim"),
        ((200, b"not json"), "untrusted"),
        ((200, b"{}"), "untrusted"),
        ((304, b""), None),
    ],
)
async def test_what_another_shim_says_wrong_leaves_the_last_good_table(peer, make_table, rules, faulty, problem):
    peer.table = make_table()
    live_table = LiveTable(HttpSource(peer.url), rules)
    await live_table.reload()
    peer.faulty = faulty
    report = await live_table.reload()
    assert (report.version, report.problem) == (peer.table.version, problem)
    peer.faulty = None
    assert (await live_table.reload()).problem is None


async def test_another_shim_that_sends_too_much_is_cut_off(peer, make_table, rules, monkeypatch):
    monkeypatch.setattr(http_source_module, "MAX_TABLE_BYTES", 1000)
    peer.table = make_table()
    report = await LiveTable(HttpSource(peer.url), rules).reload()
    assert (report.problem, "sent more than 1000 bytes" in report.detail) == ("shim", True)


async def test_another_shim_that_is_gone_leaves_the_last_good_table(peer, make_table, rules):
    peer.table = make_table()
    live_table = LiveTable(HttpSource(peer.url), rules)
    await live_table.reload()
    peer.server_close()
    peer.shutdown()
    report = await live_table.reload()
    assert (report.version, report.problem) == (peer.table.version, "shim")


async def test_another_shim_tells_history_and_versions(peer, make_table, rules, store, publish):
    peer.table = publish(make_table())
    peer.history = store.tables.history()
    live_table = LiveTable(HttpSource(peer.url), rules)
    assert await live_table.history() == peer.history
    assert await live_table.version(peer.table.version) == peer.table
    for unknown in ("another", "../health", "a/b", "a b", ""):
        assert await live_table.version(unknown) is None


@pytest.mark.parametrize("url", ["shim:8800", "ftp://shim", "http://", "http://ann:hunter2@shim"])
def test_a_url_that_cannot_be_a_shim_is_the_operators_mistake(url):
    with pytest.raises(ConfigError) as caught:
        HttpSource(url)
    assert "hunter2" not in str(caught.value)


async def test_a_store_tells_history_and_every_version_it_has(make_table, publish, store, store_url, rules):
    tables = [publish(make_table()), publish(make_table(min_accuracy=0.8))]
    live_table = LiveTable(StoreSource(store_url), rules)
    history = await live_table.history()
    assert all(isinstance(entry, Publication) for entry in history)
    assert [entry.version for entry in history] == [tables[1].version, tables[0].version]
    for table in tables:
        assert (await live_table.version(table.version)).routes == table.routes
    assert await live_table.version("another") is None


async def test_a_store_that_is_not_there_is_not_made(tmp_path, rules):
    live_table = LiveTable(StoreSource(f"sqlite:///{tmp_path / 'deep' / 'store.db'}"), rules)
    async with live_table.kept_fresh():
        assert (live_table.live.table, live_table.live.problem) == (None, "store")
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_hangs_delays_a_reload_and_is_not_asked_twice(make_table, rules, monkeypatch):
    monkeypatch.setattr(live_module, "_READ_S", 0.1)
    go_on, asked, table = threading.Event(), [], make_table()

    class Hanging(FileSource):
        def read(self):
            asked.append(threading.current_thread().daemon)
            go_on.wait(20)
            return live_module.Published(table)

    live_table = LiveTable(Hanging("nowhere"), rules)
    reports = [await live_table.reload() for _ in range(3)]
    assert {report.problem for report in reports} == {"file"}
    assert asked == [True]  # a daemon: it does not keep the process from ending
    go_on.set()
    await until(lambda: live_table._hung.done())
    assert (await live_table.reload()).version == table.version
    assert len(asked) == 2


@contextmanager
def no_more_threads():
    """As where a limit of the machine is reached; gives how often one was wanted."""
    wanted = []

    def refused(thread):
        wanted.append(thread)
        raise RuntimeError("can't start new thread")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", refused)
        yield wanted


async def test_a_table_is_followed_again_when_there_are_threads_again(file, make_table, rules, monkeypatch):
    monkeypatch.setattr(live_module, "_WATCH_S", 0.02)
    monkeypatch.setattr(live_module, "_RECOVER_S", 0.02)
    first, second = make_table(), make_table(min_accuracy=0.8)
    file.write_bytes(dump_table(first))
    live_table = LiveTable(FileSource(file), rules, max_age_s=3600)
    with capture_logs() as said:
        async with live_table.kept_fresh():
            assert live_table.live.table == first
            with no_more_threads() as wanted:
                await until(lambda: len(wanted) > 2)
            file.write_bytes(dump_table(second))
            await until(lambda: live_table.live.table == second)
    assert "table_not_refreshed" in {line["event"] for line in said}


async def test_a_look_up_that_gets_no_thread_leaves_its_place_to_others(peer, make_table, rules):
    peer.table = make_table()
    live_table = LiveTable(HttpSource(peer.url), rules)
    with no_more_threads():
        for _ in range(2 * live_module._MOST_LOOK_UPS):
            with pytest.raises(SourceFailed, match="cannot be asked"):
                await live_table.version(peer.table.version)
    assert await live_table.version(peer.table.version) == peer.table


async def test_reloads_at_once_come_one_after_the_other(file, make_table, rules):
    file.write_bytes(dump_table(make_table()))
    live_table = LiveTable(FileSource(file), rules)
    reports = await asyncio.gather(*(live_table.reload() for _ in range(10)))
    assert [report.changed for report in reports] == [True] + [False] * 9


def winner(model="sorter", **changes):
    given = {"run_id": "r", "accuracy": 0.9, "avg_cost_usd": 0.001, "p95_latency_ms": 100.0, "source": "benchmark"}
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return ClassifierWinner(candidate=Candidate(model), published_at=at, **{**given, **changes})


async def test_another_shim_tells_its_classifier_and_when_it_changes(peer, make_table, rules):
    peer.table, peer.winner = make_table(), winner("first")
    live_table = LiveTable(HttpSource(peer.url), rules)
    seen = []
    for told in (winner("first"), winner("second"), winner("second"), None):
        peer.winner = told
        await live_table.reload()
        seen.append((live_table.live.classifier, live_table.document.etag))
    assert peer.statuses == [200, 200, 304, 200]
    assert [classifier for classifier, _ in seen] == [
        Candidate("first"),
        Candidate("second"),
        Candidate("second"),
        None,
    ]
    assert len({etag for _, etag in seen}) == 3
    assert live_table.live.table == peer.table


async def test_another_shim_that_lost_its_table_takes_no_classifier_away(peer, make_table, rules):
    table = make_table()
    peer.table, peer.winner = table, winner()
    live_table = LiveTable(HttpSource(peer.url), rules)
    await live_table.reload()
    peer.table = None
    assert (await live_table.reload()).problem == "unpublished"
    assert (live_table.live.table, live_table.live.classifier) == (table, Candidate("sorter"))


async def test_a_file_tells_the_classifier_beside_its_table(file, make_table, rules):
    table = make_table()
    file.write_bytes(dump_table(with_winner(table, winner())))
    live_table = LiveTable(FileSource(file), rules)
    await live_table.reload()
    assert (live_table.live.classifier, live_table.live.table) == (Candidate("sorter"), table)
    file.write_bytes(dump_table(table))
    assert (await live_table.reload()).changed
    assert live_table.live.classifier is None


@pytest.mark.parametrize("changes", [{"source": "simulated"}, {"model": "routelab/auto"}])
async def test_a_classifier_that_may_not_serve_is_neither_asked_nor_handed_on(file, make_table, rules, changes):
    table = make_table()
    file.write_bytes(dump_table(with_winner(table, winner(**changes))))
    live_table = LiveTable(FileSource(file), rules)
    await live_table.reload()
    assert (live_table.live.table, live_table.live.classifier) == (table, None)
    assert live_table.document == document_of(with_winner(table, None))


async def test_a_malformed_classifier_leaves_what_was_live(file, make_table, rules):
    table = make_table()
    file.write_bytes(dump_table(with_winner(table, winner())))
    live_table = LiveTable(FileSource(file), rules)
    await live_table.reload()
    file.write_bytes(file.read_bytes().replace(b'"sorter"', b"3"))
    report = await live_table.reload()
    assert (report.problem, report.changed) == ("untrusted", False)
    assert live_table.live.classifier == Candidate("sorter")


async def test_a_table_that_is_refused_still_brings_its_classifier(file, make_table, rules):
    good = make_table()
    file.write_bytes(dump_table(with_winner(good, winner("first"))))
    live_table = LiveTable(FileSource(file), rules)
    await live_table.reload()
    file.write_bytes(dump_table(with_winner(make_table(source="simulated"), winner("second"))))
    await live_table.reload()
    assert (live_table.live.table, live_table.live.problem) == (good, "source")
    assert live_table.live.classifier == Candidate("second")
    assert live_table.document == document_of(with_winner(good, winner("second")))


async def test_look_ups_are_bounded_and_a_slot_is_free_when_its_thread_ends(make_table, rules, monkeypatch):
    monkeypatch.setattr(live_module, "_READ_S", 0.05)
    go_on = threading.Event()

    class Hanging(FileSource):
        def version(self, _):
            go_on.wait(20)

    live_table = LiveTable(Hanging("nowhere"), rules)
    asked = await asyncio.gather(*(live_table.version("x") for _ in range(20)), return_exceptions=True)
    late = [str(error) for error in asked if "did not answer" in str(error)]
    refused = [str(error) for error in asked if "asked too often at once" in str(error)]
    assert (len(late), len(refused)) == (8, 12)
    with pytest.raises(SourceFailed, match="asked too often at once"):  # their threads still hang
        await live_table.version("x")
    go_on.set()
    await until(lambda: live_table._looking_up == 0)
    assert await live_table.version("x") is None
