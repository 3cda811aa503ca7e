"""`routelab serve` as operators start it, wrongly too, and end it."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from tests.serve.test_process import environment

from routelab.decision_log import read_decisions
from routelab.table import dump_table

ASKED = {"user_id": "ann", "session_id": "s", "input": {"api_kind": "messages", "user_prompt_prefix": "It crashes"}}
HALF_A_BODY = b"POST /decide HTTP/1.1\r\nhost: shim\r\ncontent-length: 100\r\n\r\n" + b'{"user_id":'
HALF_A_HEAD = b"POST /decide HTTP/1.1\r\nhost:"


def command(port):
    return [sys.executable, "-m", "routelab", "serve", "--port", str(port)]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def write_config(tmp_path, root):
    """Writes a configuration; the text is more of it."""

    def write(text=""):
        file = tmp_path / "routelab.toml"
        file.write_text(f'paths = {{ datasets = "{root / "datasets"}" }}\n{text}')
        return file

    return write


@contextmanager
def served(config, port):
    """A running `routelab serve`; it is killed at the end if it still runs."""
    with subprocess.Popen(
        command(port), env=environment(config), cwd=config.parent, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            until = time.monotonic() + 20
            while not listens(port):
                assert process.poll() is None, process.communicate()[1]
                assert time.monotonic() < until
                time.sleep(0.05)
            yield process
        finally:
            process.kill()


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_clients_that_never_finish_do_not_hold_up_its_end(write_config, tmp_path, make_table):
    (tmp_path / "table.json").write_bytes(dump_table(make_table()))
    config = write_config(
        '[serve]\ntable = { file = "table.json" }\ndecision_log = { format = "sqlite", folder = "log" }\n'
    )
    port = free_port()
    with (
        served(config, port) as process,
        socket.create_connection(("127.0.0.1", port)) as body,
        socket.create_connection(("127.0.0.1", port)) as head,
    ):
        body.sendall(HALF_A_BODY)
        head.sendall(HALF_A_HEAD)
        answer = httpx.post(f"http://127.0.0.1:{port}/decide", json=ASKED, trust_env=False).json()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 7.5
        said = process.stderr.read()
    assert [row.decision_id for row in read_decisions(tmp_path / "log")] == [answer["decision_id"]]
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_well(write_config, number):
    with served(write_config(), free_port()) as process:
        process.send_signal(number)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    ("text", "variables", "sentence"),
    [
        ('taxonomy = "taxonomy/v9"', {}, "cannot read the taxonomy"),
        ('serve = { classifier = "local/bert" }', {}, "there is no local classifier local/bert"),
        ('serve = { sessions = { store = "mongodb://x" } }', {}, "the session store is `memory`, sqlite:///FILE"),
        ('serve = { allowed_hosts = ["shim.example.org:8800"] }', {}, "serve.allowed_hosts"),
        ("", {"ROUTELAB_DECIDE_KEYS": "long-enough-key,short"}, "ROUTELAB_DECIDE_KEYS holds a key of fewer than 8"),
        ("", {"ROUTELAB_ADMIN_KEYS": "“curly-quotes”"}, "ROUTELAB_ADMIN_KEYS holds characters that no HTTP header"),
        ("", {"ROUTELAB_LOG_HASH_KEY": "short"}, "ROUTELAB_LOG_HASH_KEY holds a key of fewer than 8"),
    ],
)
def test_what_it_cannot_be_started_with_is_one_sentence(write_config, tmp_path, text, variables, sentence):
    env = environment(write_config(text), **variables)
    done = subprocess.run(
        command(free_port()), env=env, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert "curly" not in done.stderr
