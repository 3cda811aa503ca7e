"""A small HTTP load generator over raw connections, in a process of its own.

It speaks just enough HTTP/1.1 for answers with a content length. A closed loop asks again as soon as
an answer is there; an open one asks at a constant rate, whatever the server does, and counts the time
from when a request was due, so that queueing shows.
"""

import asyncio
import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


class Connection(asyncio.Protocol):
    """One connection, one request at a time; `answered` is called with the status and the body."""

    def __init__(self, answered: "Callable[[Connection, int], None]") -> None:
        self._answered = answered
        self._transport: Any = None
        self._buffer = b""
        self._missing = 0
        self.due_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self._answered(self, 0)

    def ask(self, request: bytes, due_s: float) -> None:
        self.due_s = due_s
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        head, end, body = buffer.partition(b"\r\n\r\n")
        if not end:
            self._buffer = buffer
            return
        place = head.lower().find(b"content-length:")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        if len(body) < length:
            self._buffer = buffer
            return
        self._buffer = b""
        self._answered(self, int(head[9:12]))


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a request."""
    lines = [f"POST {path} HTTP/1.1", "host: shim", "content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Load:
    """What is asked, and what came of it: seconds of each answer, and how many had which status."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._requests = requests
        self._number = 0
        self.taken_s: list[float] = []
        self.statuses: dict[int, int] = {}

    async def closed(self, address: tuple[str, int], connections: int, seconds: float) -> float:
        """Ask from every connection without a pause; gives requests a second."""
        until = time.perf_counter() + seconds
        done, open_ones = asyncio.get_running_loop().create_future(), connections

        def answered(connection: Connection, status: int) -> None:
            nonlocal open_ones
            now = time.perf_counter()
            self._note(status, now - connection.due_s)
            if now < until and status:
                connection.ask(self._next(), time.perf_counter())
                return
            connection.close()
            open_ones -= 1
            if open_ones == 0 and not done.done():
                done.set_result(None)

        made = await self._connect(address, connections, answered)
        began = time.perf_counter()
        for connection in made:
            connection.ask(self._next(), time.perf_counter())
        await done
        return len(self.taken_s) / (time.perf_counter() - began)

    async def constant(self, address: tuple[str, int], connections: int, seconds: float, rate: float) -> None:
        """Ask `rate` times a second; what no connection is free for waits, and its wait counts."""
        free: deque[Connection] = deque()
        waiting: deque[float] = deque()

        def answered(connection: Connection, status: int) -> None:
            self._note(status, time.perf_counter() - connection.due_s)
            if not status:
                return
            if waiting:
                connection.ask(self._next(), waiting.popleft())
            else:
                free.append(connection)

        made = await self._connect(address, connections, answered)
        free.extend(made)
        began, number = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - began) < seconds:
            while number < elapsed * rate:
                due_s = began + number / rate
                number += 1
                if free:
                    free.popleft().ask(self._next(), due_s)
                else:
                    waiting.append(due_s)
            await asyncio.sleep(0.0005)
        for _ in range(200):
            if len(free) == len(made):
                break
            await asyncio.sleep(0.01)
        for connection in made:
            connection.close()

    async def _connect(
        self, address: tuple[str, int], connections: int, answered: Callable[[Connection, int], None]
    ) -> list[Connection]:
        loop = asyncio.get_running_loop()
        return [(await loop.create_connection(lambda: Connection(answered), *address))[1] for _ in range(connections)]

    def _next(self) -> bytes:
        self._number += 1
        return self._requests[self._number % len(self._requests)]

    def _note(self, status: int, taken_s: float) -> None:
        self.taken_s.append(taken_s)
        self.statuses[status] = self.statuses.get(status, 0) + 1


async def run(job: dict[str, Any], bodies: Sequence[str]) -> dict[str, Any]:
    """One measurement."""
    load = Load([post(job["path"], body.encode(), job["headers"]) for body in bodies])
    address = (job["host"], job["port"])
    cpu = time.process_time()
    began = time.perf_counter()
    rate = job.get("rate")
    if rate is None:
        rate = await load.closed(address, job["connections"], job["seconds"])
    else:
        await load.constant(address, job["connections"], job["seconds"], rate)
    busy = (time.process_time() - cpu) / (time.perf_counter() - began)
    taken = sorted(load.taken_s)
    return {
        "rate": rate,
        "p50_us": taken[len(taken) // 2] * 1e6,
        "p99_us": taken[int(len(taken) * 0.99)] * 1e6,
        "count": len(taken),
        "statuses": load.statuses,
        "busy": busy,
    }


def main() -> None:
    """Read jobs as lines of JSON, write results as lines of JSON."""
    import uvloop

    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(uvloop.run(run(job, json.loads(Path(job["bodies"]).read_text())))), flush=True)


if __name__ == "__main__":
    main()
