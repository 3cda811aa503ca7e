"""Tables from a file, and from another shim; the store is told in test_tables."""

import asyncio
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from msgspec.structs import replace

from routelab.errors import ConfigError, TableError
from routelab.store.tables import Publication
from routelab.table import dump_table
from routelab_serve.tables import FileSource, HttpSource, LiveTable, SourceFailed, StoreSource
from routelab_serve.tables import http_source as http_source_module
from routelab_serve.tables import live as live_module
from routelab_serve.tables.document import document_of


def following(source, taxonomy, **settings):
    given = {"sources": ("benchmark",), "taxonomy_version": taxonomy.version, "routes": taxonomy.routes}
    return LiveTable(source, **{**given, **settings})


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to this within 10 s")


class Peer(ThreadingHTTPServer):
    """Another shim's face: `table` is served with its tag; `faulty` answers instead, when set."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.table = self.key = self.faulty = self.history = None
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
        document = document_of(peer.table)
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


async def test_a_table_file_is_served_and_followed_when_it_changes(file, make_table, taxonomy, monkeypatch):
    monkeypatch.setattr(live_module, "_WATCH_S", 0.02)
    first, second = make_table(), make_table(min_accuracy=0.8)
    file.write_bytes(dump_table(first))
    live_table = following(FileSource(file), taxonomy, max_age_s=3600)
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


async def test_a_table_file_that_comes_later_is_taken_up(file, make_table, taxonomy, monkeypatch):
    monkeypatch.setattr(live_module, "_WATCH_S", 0.02)
    live_table = following(FileSource(file), taxonomy, max_age_s=3600)
    async with live_table.kept_fresh():
        assert (live_table.live.table, live_table.live.problem) == (None, "file")
        file.write_bytes(dump_table(make_table()))
        await until(lambda: live_table.live.table is not None)


async def test_an_edited_table_file_is_refused(file, make_table, taxonomy):
    file.write_bytes(dump_table(make_table()).replace(b'"accuracy": 0.98', b'"accuracy": 0.99', 1))
    report = await following(FileSource(file), taxonomy).reload()
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


async def test_a_file_knows_its_own_version_and_no_history(file, make_table, taxonomy):
    table = make_table()
    file.write_bytes(dump_table(table))
    live_table = following(FileSource(file), taxonomy)
    assert await live_table.version(table.version) == table
    assert await live_table.version("another") is None
    assert await live_table.history() is None


async def test_another_shims_table_is_sent_once(peer, make_table, taxonomy):
    peer.table = replace(make_table(), published_at="2026-11-21T00:00:00+00:00")
    live_table = following(HttpSource(peer.url), taxonomy)
    reports = [await live_table.reload() for _ in range(3)]
    assert live_table.live.table == peer.table
    assert [report.changed for report in reports] == [True, False, False]
    assert peer.statuses == [200, 304, 304]
    peer.table = make_table(min_accuracy=0.8)
    assert (await live_table.reload()).version == peer.table.version
    assert live_table.document.etag == document_of(peer.table).etag


async def test_another_shim_is_asked_with_a_key_and_under_a_path(peer, make_table, taxonomy):
    peer.table, peer.key = make_table(), "open-sesame"
    refused = await following(HttpSource(peer.url, api_key="guess"), taxonomy).reload()
    assert (refused.problem, refused.version) == ("shim", None)
    assert "status 401" in refused.detail
    let_in = await following(HttpSource(f"{peer.url}/", api_key="open-sesame"), taxonomy).reload()
    assert let_in.version == peer.table.version


async def test_another_shim_without_a_table_publishes_none(peer, taxonomy):
    report = await following(HttpSource(peer.url), taxonomy).reload()
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
async def test_what_another_shim_says_wrong_leaves_the_last_good_table(peer, make_table, taxonomy, faulty, problem):
    peer.table = make_table()
    live_table = following(HttpSource(peer.url), taxonomy)
    await live_table.reload()
    peer.faulty = faulty
    report = await live_table.reload()
    assert (report.version, report.problem) == (peer.table.version, problem)
    peer.faulty = None
    assert (await live_table.reload()).problem is None


async def test_another_shim_that_sends_too_much_is_cut_off(peer, make_table, taxonomy, monkeypatch):
    monkeypatch.setattr(http_source_module, "MAX_TABLE_BYTES", 1000)
    peer.table = make_table()
    report = await following(HttpSource(peer.url), taxonomy).reload()
    assert (report.problem, "sent more than 1000 bytes" in report.detail) == ("shim", True)


async def test_another_shim_that_is_gone_leaves_the_last_good_table(peer, make_table, taxonomy):
    peer.table = make_table()
    live_table = following(HttpSource(peer.url), taxonomy)
    await live_table.reload()
    peer.server_close()
    peer.shutdown()
    report = await live_table.reload()
    assert (report.version, report.problem) == (peer.table.version, "shim")


async def test_another_shim_tells_history_and_versions(peer, make_table, taxonomy, store, publish):
    peer.table = publish(make_table())
    peer.history = store.tables.history()
    live_table = following(HttpSource(peer.url), taxonomy)
    assert await live_table.history() == peer.history
    assert await live_table.version(peer.table.version) == peer.table
    for unknown in ("another", "../health", "a/b", "a b", ""):
        assert await live_table.version(unknown) is None


@pytest.mark.parametrize("url", ["shim:8800", "ftp://shim", "http://", "http://ann:hunter2@shim"])
def test_a_url_that_cannot_be_a_shim_is_the_operators_mistake(url):
    with pytest.raises(ConfigError) as caught:
        HttpSource(url)
    assert "hunter2" not in str(caught.value)


async def test_a_store_tells_history_and_every_version_it_has(make_table, publish, store, store_url, taxonomy):
    tables = [publish(make_table()), publish(make_table(min_accuracy=0.8))]
    live_table = following(StoreSource(store_url), taxonomy)
    history = await live_table.history()
    assert all(isinstance(entry, Publication) for entry in history)
    assert [entry.version for entry in history] == [tables[1].version, tables[0].version]
    for table in tables:
        assert (await live_table.version(table.version)).routes == table.routes
    assert await live_table.version("another") is None


async def test_a_store_that_is_not_there_is_not_made(tmp_path, taxonomy):
    live_table = following(StoreSource(f"sqlite:///{tmp_path / 'deep' / 'store.db'}"), taxonomy)
    async with live_table.kept_fresh():
        assert (live_table.live.table, live_table.live.problem) == (None, "store")
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_hangs_delays_a_reload_and_is_not_asked_twice(make_table, taxonomy, monkeypatch):
    monkeypatch.setattr(live_module, "_READ_S", 0.1)
    go_on, asked, table = threading.Event(), [], make_table()

    class Hanging(FileSource):
        def read(self):
            asked.append(threading.current_thread().daemon)
            go_on.wait(20)
            return live_module.Published(table)

    live_table = following(Hanging("nowhere"), taxonomy)
    reports = [await live_table.reload() for _ in range(3)]
    assert {report.problem for report in reports} == {"file"}
    assert asked == [True]  # a daemon: it does not keep the process from ending
    go_on.set()
    await until(lambda: live_table._hung.done())
    assert (await live_table.reload()).version == table.version
    assert len(asked) == 2


async def test_reloads_at_once_come_one_after_the_other(file, make_table, taxonomy):
    file.write_bytes(dump_table(make_table()))
    live_table = following(FileSource(file), taxonomy)
    reports = await asyncio.gather(*(live_table.reload() for _ in range(10)))
    assert [report.changed for report in reports] == [True] + [False] * 9
