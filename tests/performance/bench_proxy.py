"""What the endpoint proxy adds to a call.

Endpoint, proxy and caller are processes of their own. Prints the median latency of a call straight
to the endpoint and through the proxy's Unix socket, their difference and ratio. 16 connections to an
endpoint that answers at once keep every core busy, so there the difference is queueing; with an
endpoint that takes its time it is what the proxy adds. The processor time that the proxy took for a
call does not depend on what else the machine does.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

CALLS = 1_000
WARM_UP_CALLS = 100
SCENES = ((1, 0.0), (4, 0.2), (16, 0.0), (16, 0.2))
"""Connections, and the seconds that the endpoint takes for an answer."""
MODEL = "instant"
REQUEST: dict[str, Any] = {"model": MODEL, "messages": [{"role": "user", "content": "six times seven? " * 500}]}
ANSWER = {
    "choices": [{"message": {"role": "assistant", "content": "42 " * 200}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 1, "cost": 0.0001},
}


def endpoint() -> None:
    """Serve the instant endpoint; prints its base address."""
    from tests.integration.loopback import Endpoint, Reply, serving

    with serving(Endpoint(lambda call, _number: Reply(ANSWER, delay_s=call.body["delay_s"]))) as served:
        print(served.url, flush=True)
        sys.stdin.read()


async def proxy(url: str, socket: str) -> None:
    """Serve the proxy in front of it; prints a token, and at the end its processor time."""
    from routelab.config import EndpointConfig
    from routelab.llm.proxy import Pass, Proxy, serving
    from routelab.records import Candidate

    config = EndpointConfig.model_validate({"base_url": url})
    attempt = Pass(run_id="bench", candidate=Candidate(MODEL), case_id="bench", repetition=1)
    async with Proxy(config, api_key="sk-0123456789abcdef") as served, serving(served, Path(socket)):
        with served.admit(attempt) as admission:
            print(admission.token, flush=True)
            began = time.process_time()
            await asyncio.to_thread(sys.stdin.read)
            elapsed_s = time.process_time() - began
            print(f"  the proxy's processor time: {elapsed_s / len(admission.calls) * 1000:.2f} ms a call", flush=True)


async def measure(url: str, connections: int, delay_s: float, transport: Any, headers: dict[str, str]) -> list[float]:
    """Milliseconds of each call."""
    elapsed_ms: list[float] = []
    body = json.dumps({**REQUEST, "delay_s": delay_s})
    async with httpx.AsyncClient(transport=transport, headers=headers) as client:

        async def call_in_turn(calls: int) -> None:
            for _ in range(calls):
                began = time.perf_counter()
                response = await client.post(f"{url}/chat/completions", content=body)
                elapsed_ms.append((time.perf_counter() - began) * 1000)
                assert response.status_code == 200, response.text

        await asyncio.gather(*(call_in_turn(WARM_UP_CALLS // connections) for _ in range(connections)))
        elapsed_ms.clear()
        await asyncio.gather(*(call_in_turn(CALLS // connections) for _ in range(connections)))
    return elapsed_ms


@contextmanager
def _child(*arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.performance.bench_proxy", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        print(process.stdout.read(), end="")
        process.wait(timeout=30)
        process.stdout.close()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        _child("endpoint") as url,
        _child("proxy", url, f"{folder}/proxy.sock") as token,
    ):
        print(f"A call of {len(json.dumps(REQUEST)) / 1000:.0f} kB, median of {CALLS}, ms")
        for connections, delay_s in SCENES:
            direct = asyncio.run(measure(url, connections, delay_s, httpx.AsyncHTTPTransport(), {}))
            through = asyncio.run(
                measure(
                    "http://proxy/v1",
                    connections,
                    delay_s,
                    httpx.AsyncHTTPTransport(uds=f"{folder}/proxy.sock"),
                    {"authorization": f"Bearer {token}"},
                )
            )
            straight, proxied = statistics.median(direct), statistics.median(through)
            print(
                f"  {connections:2} at once, endpoint {delay_s * 1000:3.0f} ms: direct {straight:6.2f}, "
                f"proxy {proxied:6.2f}: {proxied - straight:+.2f} ms, {proxied / straight:.1f} x"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["endpoint"]:
        endpoint()
    elif sys.argv[1:2] == ["proxy"]:
        asyncio.run(proxy(*sys.argv[2:]))
    else:
        main()
