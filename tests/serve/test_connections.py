"""What a connection may take, on a real server whose patience is short."""

import socket
import threading
import time

import pytest
import uvicorn

from routelab_serve import connections
from routelab_serve.connections import MAX_HEAD_BYTES, BoundedProtocol

PATIENCE_S = 0.4
REQUEST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody"


async def echo(scope, receive, send):
    """Answers with the body; when asked at /early, without waiting for it."""
    body, more = b"", scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message.get("more_body")
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port(monkeypatch):
    monkeypatch.setattr(connections, "WHOLE_S", PATIENCE_S)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(echo, lifespan="off", log_level="critical", http=BoundedProtocol))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def exchange(port, *pieces, pause_s=0.0):
    """What comes back until the server closes, and how long that took; None: it did not close."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(3 * PATIENCE_S)
        began, said = time.monotonic(), b""
        try:
            for piece in pieces:
                client.sendall(piece)
                time.sleep(pause_s)
            while got := client.recv(65536):
                said += got
        except TimeoutError:
            return said, None
        except ConnectionError:  # closed while more was on its way
            pass
        return said, time.monotonic() - began


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ((), b""),
        ((b"POST / HT",), b"HTTP/1.1 408 "),
        ((REQUEST[:-1],), b"HTTP/1.1 408 "),
        ((REQUEST + b"POST / HT",), b"HTTP/1.1 200 "),
        ((REQUEST.replace(b"/ ", b"/early ")[:-1],), b"HTTP/1.1 200 "),
    ],
)
def test_a_request_that_does_not_come_is_not_waited_for(port, pieces, said):
    answer, took_s = exchange(port, *pieces)
    assert answer.startswith(said)
    assert bool(answer) is bool(said)
    assert answer.count(b"HTTP/1.1") <= 2
    assert took_s is not None
    assert PATIENCE_S * 0.9 < took_s < PATIENCE_S * 2.5


def test_a_byte_now_and_then_wins_no_time(port):
    pieces = [bytes([byte]) for byte in REQUEST[:12]]
    answer, took_s = exchange(port, *pieces, pause_s=PATIENCE_S / 8)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    assert took_s is not None


def test_a_head_without_end_is_refused(port):
    head = REQUEST.replace(b"\r\n\r\nbody", b"\r\nx: " + b"a" * 64 * MAX_HEAD_BYTES)
    answer, took_s = exchange(port, head)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")  # gone where the client was still sending
    assert took_s is not None
    assert took_s < PATIENCE_S


def test_who_sends_whole_requests_is_served_as_long_as_wanted(port):
    with socket.create_connection(("127.0.0.1", port)) as client:
        for _ in range(4):
            client.sendall(REQUEST[:20])
            time.sleep(PATIENCE_S / 2)
            client.sendall(REQUEST[20:] + REQUEST)
            said = b""
            while said.count(b"body") < 2:
                said += client.recv(65536)
            assert said.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize("offer", [b"Upgrade: h2c", b"upgrade:h2c ", b"UPGRADE:  h2c"])
def test_an_offer_of_http_2_costs_no_body(port, offer):
    offered = b"\r\nconnection: Upgrade, HTTP2-Settings\r\n" + offer + b"\r\nhttp2-settings: AAE\r\ncontent-length: 4"
    request = REQUEST.replace(b"\r\ncontent-length: 4", offered)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(PATIENCE_S)
        for sent in (request, request + REQUEST):
            client.sendall(sent)
            said = b""
            while said.count(b"body") < sent.count(b"body"):
                said += client.recv(65536)
            assert said.count(b"HTTP/1.1 200 OK") == sent.count(b"body")


def test_what_a_body_says_of_http_2_is_left_alone(port):
    body = b"\r\nupgrade: h2c\r\n\r\n"
    answer, _ = exchange(port, REQUEST.replace(b": 4", b": %d" % len(body)).replace(b"body", body))
    assert answer.endswith(b"\r\n\r\n" + body)


def test_large_bodies_and_heads_pass(port):
    with socket.create_connection(("127.0.0.1", port)) as client:
        body = b"a" * 900_000
        head = b"POST / HTTP/1.1\r\nhost: x\r\nx: %b\r\ncontent-length: %d\r\n\r\n" % (b"b" * 60_000, len(body))
        client.sendall(head + body)
        said = b""
        while len(said) < len(body):
            said += client.recv(65536)
    assert said.startswith(b"HTTP/1.1 200 OK")
