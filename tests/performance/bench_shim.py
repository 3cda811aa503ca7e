"""How fast the shim answers when it is warm.

Inside the process: from the bytes of a request to the bytes of its answer. Over HTTP: the shim beside
a bare ASGI application that echoes the same bodies, on the same server, in turn; server and load each
have a core. Ratios count; on a busy machine the rest does not, and the processor time a request takes
tells more than the clock. Also at a constant rate, since closed loops hide queueing.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEY = "bench-key-0123456789abcdef"
CONVERSATIONS = 512
MODELS = 8
SERVER_CORE, LOAD_CORE = 0, min(1, (os.cpu_count() or 1) - 1)
PROMPT = "Please fix the crash that happens when the configuration file is empty. "


def normalised(number: int) -> dict[str, Any]:
    """A request as a gateway normalises it, about 2 kB."""
    return {
        "user_id": f"user-{number % 50}",
        "session_id": f"session-{number}",
        "input": {
            "api_kind": "chat_completions",
            "requested_model": "routelab/auto",
            "system_prompt_prefix": ("You are a coding agent. " * 50)[:800].strip(),
            "user_prompt_prefix": f"{number}: {PROMPT * 10}"[:700].strip(),
            "latest_user_prompt_prefix": "Now add a test for it, please.",
            "message_count": 7,
            "has_tools": True,
            "stream": True,
            "provider_hints": {"provider": {"order": ["one", "two"]}},
        },
        "policy": {"routing_mode": "cost_per_accuracy", "denied_models": ["vendor/banned"], "pool": None},
        "constraints": {"input_modalities": [], "prompt_tokens_estimate": 9000},
    }


def raw(number: int) -> dict[str, Any]:
    """The same conversation as a raw body of about 30 kB: tools, and calls with their results."""
    tool = {
        "type": "function",
        "function": {
            "name": "edit_file",
            "description": "Edits a file. " * 20,
            "parameters": {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(10)}},
        },
    }
    turns: list[dict[str, Any]] = [{"role": "system", "content": "You are a coding agent. " * 60}]
    turns.append({"role": "user", "content": f"{number}: {PROMPT * 10}"})
    for call in range(8):
        asked = {"id": f"call-{call}", "type": "function", "function": {"name": "edit_file", "arguments": "{}"}}
        turns.append({"role": "assistant", "content": None, "tool_calls": [asked]})
        turns.append({"role": "tool", "tool_call_id": f"call-{call}", "content": "def broken():\n    pass\n" * 80})
    turns.append({"role": "user", "content": [{"type": "text", "text": "Now add a test for it, please."}]})
    body = {"model": "routelab/auto", "messages": turns, "tools": [tool] * 12, "stream": True}
    return {**normalised(number), "input": None, "request": body, "api_kind": "chat_completions"}


def write_files(folder: Path) -> None:
    """Configuration and table."""
    from routelab.table import build_table, dump_table
    from routelab.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(ROOT / "datasets/taxonomy/v1/taxonomy.json")
    rows = [
        {
            "route": route,
            "model": f"vendor/model-{number}",
            "variant": "high" if number % 2 else None,
            "accuracy": 0.95 - number / 100,
            "accuracy_low": 0.8,
            "accuracy_high": 1.0,
            "avg_cost_usd": 0.001 * (number + 1),
            "cases": 20,
            "repetitions": 1,
        }
        for route in taxonomy.routes
        for number in range(MODELS)
    ]
    table = build_table(rows, routes=taxonomy.routes, taxonomy_version=taxonomy.version)
    (folder / "table.json").write_bytes(dump_table(table))
    for name, trust_s in (("shim", 5), ("distrusting", 0)):
        (folder / f"{name}.toml").write_text(
            f'paths = {{ datasets = "{ROOT / "datasets"}", work = "work" }}\n'
            "[serve]\n"
            'classifier = "local/tfidf"\n'
            "metrics = true\n"
            'table = { file = "table.json" }\n'
            f"sessions = {{ trust_s = {trust_s} }}\n"
        )


# Inside the process.


def inside(folder: Path) -> None:
    """Print medians inside the process."""
    asyncio.run(_inside(folder))


async def _inside(folder: Path) -> None:
    import msgspec

    from routelab.config import load_config
    from routelab.settings import Settings
    from routelab_serve.body import read_body
    from routelab_serve.wiring import assemble

    parts = assemble(load_config(folder / "shim.toml"), Settings())
    answer = answering(parts.decider)
    async with parts.running():
        for name, make in (("normalised", normalised), ("raw", raw)):
            bodies = [json.dumps(make(number)).encode() for number in range(CONVERSATIONS)]
            for body in bodies:
                assert json.loads(answer(body))["decision"] is not None
            whole = _median_us(answer, bodies)
            decode = _median_us(read_body, bodies)
            plain = _median_us(msgspec.json.decode, bodies)
            print(
                f"  {name:<10} body of {len(bodies[0]) / 1000:4.1f} kB: decision {whole:6.1f} us, "
                f"of it decoding {decode:5.1f} us (all of the JSON: {plain:5.1f} us)"
            )


def answering(decider: Any) -> Callable[[bytes], bytes]:
    """From the bytes of a request, one that a warm shim need not wait for, to the bytes of its answer."""
    import msgspec

    from routelab_serve.body import read_body

    encode = msgspec.json.Encoder().encode

    def answer(body: bytes) -> bytes:
        turn = decider.begin(read_body(body), explained=False, began_s=time.perf_counter())
        response = decider.at_once(turn)
        assert response is not None
        return encode(response)

    return answer


def _median_us(work: Callable[[bytes], Any], bodies: list[bytes]) -> float:
    taken = []
    for _ in range(20):
        for body in bodies:
            began = time.perf_counter_ns()
            work(body)
            taken.append(time.perf_counter_ns() - began)
    return statistics.median(taken) / 1000


# Over HTTP.


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """The bare ASGI application."""
    message = await receive()
    body = message["body"]
    while message["more_body"]:
        message = await receive()
        body += message["body"]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(name: str) -> None:
    """Serve an application on a free port, which is printed."""
    import uvicorn

    os.sched_setaffinity(0, {SERVER_CORE})
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    app: Any = echo
    if name != "echo":
        from routelab_serve.app import app_from_environment

        app = app_from_environment()
    config = uvicorn.Config(  # as `routelab serve` has it
        app,
        loop="uvloop",
        http="routelab_serve.connections:BoundedProtocol",
        proxy_headers=False,
        log_level="warning",
        access_log=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    port: int
    pid: int

    def processor_s(self) -> float:
        """The processor time it has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server(name: str, env: dict[str, str]) -> Iterator[Server]:
    command = [sys.executable, __file__, "--serve", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env}) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()), process.pid)
        finally:
            process.terminate()


class Loader:
    """The load generator's process."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("load.py")), str(LOAD_CORE)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, server: Server, bodies: Path, **job: Any) -> dict[str, Any]:
        """Do one job; `cpu_us` is the server's processor time a request."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        given = {"host": "127.0.0.1", "port": server.port, "path": "/decide", "bodies": str(bodies), **job}
        given["headers"] = {"authorization": f"Bearer {KEY}"}
        before_s = server.processor_s()
        self._process.stdin.write(json.dumps(given) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert set(found["statuses"]) == {"200"}, found
        return found | {"cpu_us": (server.processor_s() - before_s) / found["count"] * 1e6}

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def over_http(folder: Path, rounds: int, seconds: float) -> None:
    """Print what each way of remembering costs over HTTP, beside the echo."""
    sys.path.insert(0, str(ROOT))
    from tests.services import find_redis, redis_server

    bodies = folder / "bodies.json"
    bodies.write_text(json.dumps([json.dumps(normalised(number)) for number in range(CONVERSATIONS)]))
    settings = {"ROUTELAB_DECIDE_KEYS": KEY, "ROUTELAB_CONFIG": str(folder / "shim.toml")}
    distrusting = {**settings, "ROUTELAB_CONFIG": str(folder / "distrusting.toml")}
    loader = Loader()
    redis = redis_server() if find_redis() else nullcontext(None)
    with redis as server:
        scenes = {"memory": settings}
        if server is not None:
            url = {"ROUTELAB_SESSIONS_URL": server.url}
            scenes |= {"redis, near copies trusted": settings | url, "redis, asked every time": distrusting | url}
        for name, env in scenes.items():
            with _server("echo", {}) as bare, _server("shim", env) as shim:
                _compare(name, loader, bodies, bare, shim, rounds, seconds)
    loader.close()


def start(folder: Path) -> None:
    """Print how long a new process takes to its first answer, the local classifier's loading included."""
    import urllib.request

    env = {"ROUTELAB_CONFIG": str(folder / "shim.toml")}
    taken_s = []
    for _ in range(5):
        began = time.perf_counter()
        with _server("shim", env) as server:
            request = urllib.request.Request(
                f"http://127.0.0.1:{server.port}/decide", json.dumps(normalised(1)).encode()
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                assert json.load(response)["decision"] is not None
            taken_s.append(time.perf_counter() - began)
    print(f"Start to first answer: {statistics.median(taken_s):.2f} s ({min(taken_s):.2f} to {max(taken_s):.2f})")


def _compare(name: str, loader: Loader, bodies: Path, bare: Server, shim: Server, rounds: int, seconds: float) -> None:
    servers = {"bare": bare, "shim": shim}
    for server in servers.values():
        warm = 0
        while warm < 4 * CONVERSATIONS:
            warm += loader(server, bodies, connections=8, seconds=1.0)["count"]
    found: dict[str, list[dict[str, Any]]] = {"bare": [], "shim": []}
    for _ in range(rounds):
        for which, server in servers.items():
            found[which].append(loader(server, bodies, connections=32, seconds=seconds))
    ratios = [ours["rate"] / theirs["rate"] for theirs, ours in zip(found["bare"], found["shim"], strict=True)]
    rate, cpu_us, p99_us = (
        {which: _median(all_of, key) for which, all_of in found.items()} for key in ("rate", "cpu_us", "p99_us")
    )
    busy = max(one["busy"] for all_of in found.values() for one in all_of)
    print(
        f"  {name}: 32 connections {rate['shim']:.0f} of {rate['bare']:.0f} requests/s, ratio "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); processor time a request "
        f"{cpu_us['shim']:.0f} us, bare {cpu_us['bare']:.0f} us, ratio {cpu_us['bare'] / cpu_us['shim']:.2f}"
    )
    print(
        f"    p99 {p99_us['shim'] / 1000:.2f} ms, bare {p99_us['bare'] / 1000:.2f} ms; "
        f"the load's core was busy for {busy:.0%}"
    )
    for which, server in servers.items():
        one = [loader(server, bodies, connections=1, seconds=seconds) for _ in range(rounds)]
        p50, p99 = _median(one, "p50_us"), _median(one, "p99_us") / 1000
        print(f"    1 connection, {which}: p50 {p50:.0f} us, p99 {p99:.2f} ms")
    for share in (0.5, 0.8):
        steady = rate["shim"] * share
        one = [loader(shim, bodies, connections=64, seconds=seconds, rate=steady) for _ in range(rounds)]
        p50, p99 = (_median(one, key) / 1000 for key in ("p50_us", "p99_us"))
        print(f"    at a constant {steady:.0f} requests/s: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def _median(found: list[dict[str, Any]], key: str) -> float:
    return statistics.median(one[key] for one in found)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=3.0)
    given = options.parse_args()
    if given.serve:
        serve(given.serve)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        print(f"A warm decision inside the process, medians over {CONVERSATIONS} conversations")
        inside(folder)
        start(folder)
        print(f"Over HTTP, one worker, auth and metrics on; medians of {given.rounds} rounds of {given.seconds:g} s")
        over_http(folder, given.rounds, given.seconds)


if __name__ == "__main__":
    main()
