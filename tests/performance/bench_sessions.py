"""A million live conversations in memory: how much they weigh, and how long a look and a word take.

Each kind of conversation has a process of its own. MB is the resident memory the conversations
added, and that of the whole process. Then the shared stores: turns of conversations that this
process does not know, 32 at once and one after the other.
"""

import asyncio
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routelab.records import Candidate
    from routelab_serve.sessions import Sessions

CONVERSATIONS = 1_000_000
SAMPLES = 50_000
TURNS = 20_000
CLIENTS = (32, 1)
KINDS = {"one model, one classification": (1, 1), "two models, two classifications": (2, 2), "three, four": (3, 4)}


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def timed(action: Callable[[str], object], keys: list[str]) -> tuple[float, float]:
    """Median and 99th percentile in microseconds, the clock's own cost included."""
    taken = []
    for key in keys:
        began = time.perf_counter_ns()
        action(key)
        taken.append(time.perf_counter_ns() - began)
    return statistics.median(taken) / 1000, statistics.quantiles(taken, n=100)[98] / 1000


def child(models: int, classifications: int) -> None:
    from routelab.records import Candidate, Classification
    from routelab.taxonomy import load_taxonomy
    from routelab_serve.sessions import Conversation, Sessions, continued

    taxonomy = load_taxonomy(Path(__file__).parents[2] / "datasets/taxonomy/v1/taxonomy.json")
    classification = Classification(**taxonomy.fallback, confidence=0.83)
    classifier = Candidate("openai/gpt-5-mini", "minimal")
    exacts = [os.urandom(16).hex() for _ in range(classifications)]
    names = [f"anthropic/claude-model-{number}" for number in range(models)]
    sessions = Sessions(taxonomy, max_conversations=CONVERSATIONS)
    before_mb = resident_mb()

    def turns(key: str) -> None:
        conversation: Conversation | None = None
        for exact in exacts:
            sessions.keep_classification(key, exact, classifier, classification)
        for name in names:
            conversation = continued(
                conversation, model=name, variant="high", route="debugging/bug_fixing", at_s=time.time()
            )
            sessions.remember(key, conversation)

    began = time.perf_counter()
    keys = []
    for number in range(CONVERSATIONS):
        key = os.urandom(16).hex()
        turns(key)
        if number % (CONVERSATIONS // SAMPLES) == 0:
            keys.append(key)
    seconds = time.perf_counter() - began
    with_keys_mb = resident_mb()
    keys_mb = len(keys) * (sys.getsizeof(keys[0]) + 8) / 1e6

    print(f"{with_keys_mb - keys_mb - before_mb:.0f} MB added, {with_keys_mb - keys_mb:.0f} MB in all; ", end="")
    print(f"filled in {seconds:.0f} s; ", end="")
    measure(sessions, keys, exacts[-1], classifier)


def measure(sessions: "Sessions", keys: list[str], exact: str, classifier: "Candidate") -> None:
    def look(key: str) -> None:
        session = sessions.peek(key)
        assert session is not None
        assert sessions.classification(session, exact, classifier) is not None

    known = sessions.peek(keys[0])
    assert known is not None
    assert known.conversation is not None
    latest = known.conversation
    look_us = timed(look, keys)
    tell_us = timed(lambda key: sessions.remember(key, latest), keys)
    began = time.perf_counter()
    gc.collect()
    pause_ms = (time.perf_counter() - began) * 1000
    print(
        f"peek and classification {look_us[0]:.1f} us (p99 {look_us[1]:.1f}), "
        f"remember {tell_us[0]:.1f} us (p99 {tell_us[1]:.1f}); full garbage collection {pause_ms:.0f} ms"
    )


async def shared(url: str, clients: int) -> None:
    from routelab.taxonomy import load_taxonomy
    from routelab_serve.sessions import Sessions, continued, open_session_store

    errors: Counter[str] = Counter()
    sessions = Sessions(
        load_taxonomy(Path(__file__).parents[2] / "datasets/taxonomy/v1/taxonomy.json"),
        max_conversations=TURNS,
        store=open_session_store(url, max_rows=CONVERSATIONS),
        on_error=lambda kind: errors.update([kind]),
    )
    taken: list[float] = []

    async def client() -> None:
        for _ in range(TURNS // clients):
            key = os.urandom(16).hex()
            began = time.perf_counter()
            session = await sessions.load(key)
            taken.append((time.perf_counter() - began) * 1e6)
            told = continued(session.conversation, model="m", variant=None, route="a/b", at_s=time.time())
            sessions.remember(key, told)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    rate = len(taken) / (time.perf_counter() - began)
    await sessions.aclose()
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    print(
        f"  {url.partition(':')[0]}, {clients} at once: {rate:.0f} turns/s, "
        f"load p50 {p50:.0f} us, p99 {p99:.0f} us, trouble {dict(errors)}"
    )


def stores() -> None:
    from tests.services import find_redis, redis_server

    print(f"{TURNS:,} turns through a shared store")
    with tempfile.TemporaryDirectory() as name:
        for clients in CLIENTS:
            asyncio.run(shared(f"sqlite:///{name}/sessions.db", clients))
    if find_redis() is None:
        print("  no Valkey or Redis server program is installed")
        return
    with redis_server() as server:
        for clients in CLIENTS:
            asyncio.run(shared(server.url, clients))


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    stores()
    print(f"{CONVERSATIONS:,} live conversations in memory")
    for name, (models, classifications) in KINDS.items():
        code = f"import runpy; runpy.run_path({__file__!r})['child']({models}, {classifications})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
        print(f"  {name}: {done.stdout.strip()}")


if __name__ == "__main__":
    main()
