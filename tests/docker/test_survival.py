"""Whole runs in containers while something breaks: nothing is lost, paid for twice, or left behind."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.docker.engine import PrivateEngine
from tests.integration.bench import golden
from tests.integration.loopback import Call, Endpoint, Reply, serving

from routelab.config import Config
from routelab.llm.simulated.app import create_app
from routelab.records import Attempt, Run
from routelab.store import Store, open_store

pytestmark = pytest.mark.docker
Configure = Callable[..., Config]
Command = Callable[..., "subprocess.Popen[str]"]
CELLS = golden.CASES * 2


def slowly(_call: Call, _number: int) -> Reply | None:
    time.sleep(0.25)
    return None


def the_run(store: Store) -> Run:
    [run] = store.runs.all()
    return run


def rows(store: Store) -> list[Attempt]:
    runs = store.runs.all()
    return store.results.attempts(runs[0].id) if runs else []


def wait_for_rows(store: Store, count: int, process: "subprocess.Popen[str]") -> list[Attempt]:
    deadline = time.monotonic() + 60
    while len(found := rows(store)) < count:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def finished(process: "subprocess.Popen[str]", timeout_s: float = 180) -> str:
    output = process.communicate(timeout=timeout_s)[0]
    assert process.returncode == 0, output
    return output


def calls_so_far(endpoint: Endpoint) -> int:
    """How many calls came, with those that the endpoint had not read yet when their process was killed."""
    known = -1
    while known != (known := len(endpoint.calls)):
        time.sleep(1)
    return known


def assert_complete(store: Store, *, lost: int = 0) -> None:
    run = the_run(store)
    assert run.status == "completed", run.stop_reason
    graded = Counter(
        (str(row.candidate), row.case_id) for row in store.results.attempts(run.id) if row.status == "graded"
    )
    assert set(graded.values()) == {1}
    assert len(graded) == CELLS - lost
    accuracy = {str(item.candidate): item.accuracy for item in store.results.summaries(run.id) if item.route is None}
    assert accuracy == {"sim/sure": 1.0, "sim/wrong": 0.0}


def test_a_killed_process_leaves_a_run_that_resume_finishes(
    configure: Configure, command: Command, endpoint: Endpoint, store: Store, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    configure(endpoint.url)
    process = command("bench", "decider")
    before = wait_for_rows(store, 4, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = rows(store)
    assert len(before) < CELLS
    assert len(engine.listed("ps", "-q")) == 4  # what the dead process left
    endpoint.script = lambda _call, _number: None
    calls = calls_so_far(endpoint)

    finished(command("runs", "resume", the_run(store).id))
    assert rows(store)[: len(before)] == before
    assert_complete(store)
    paid_again = len(endpoint.calls) - calls
    workspace_calls = 2 * 2  # one case a candidate calls a tool, which takes further calls
    assert paid_again <= CELLS - len(before) + workspace_calls


def test_a_killed_container_costs_one_retry(
    configure: Configure, command: Command, endpoint: Endpoint, store: Store, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    configure(endpoint.url)
    process = command("bench", "decider")
    wait_for_rows(store, 3, process)
    engine.docker("kill", engine.listed("ps", "-q")[0])
    finished(process)
    assert_complete(store)
    lost = [row for row in rows(store) if row.status == "infrastructure"]
    assert 1 <= len(lost) <= 2
    assert {row.error_kind for row in lost} == {"lost_container"}


def test_an_engine_that_stops_for_ten_seconds_is_waited_for(
    configure: Configure, command: Command, endpoint: Endpoint, store: Store, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    configure(endpoint.url)
    process = command("bench", "decider")
    wait_for_rows(store, 3, process)
    engine.stop()
    try:
        time.sleep(10)
    finally:
        engine.start()
    finished(process)
    assert_complete(store)
    assert {"engine_down"} <= {row.error_kind for row in rows(store)} <= {None, "engine_down", "lost_container"}


def test_an_engine_that_stays_away_stops_the_run_and_costs_no_case(
    configure: Configure, command: Command, endpoint: Endpoint, store: Store, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    configure(endpoint.url, limits={"infrastructure_attempts": 2})
    process = command("bench", "decider")
    wait_for_rows(store, 3, process)
    engine.stop()
    try:
        output = process.communicate(timeout=120)[0]
    finally:
        engine.start()
    run = the_run(store)
    assert (process.returncode, run.status) == (1, "interrupted"), output
    assert run.stop_reason is not None
    assert run.stop_reason.startswith("the container engine does not answer: ")
    assert f"`routelab runs resume {run.id}`" in run.stop_reason
    assert max(Counter(row.case_id for row in rows(store) if row.error_kind == "engine_down").values()) <= 2 * 2

    finished(command("runs", "resume", run.id))
    assert_complete(store)
    assert all(item.infrastructure_failures == 0 for item in store.results.summaries(run.id))


def test_an_engine_that_hangs_holds_no_lane_beyond_the_deadline(
    configure: Configure, command: Command, endpoint: Endpoint, store: Store, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    configure(endpoint.url, limits={"timeout_s": 3})
    process = command("bench", "decider")
    wait_for_rows(store, 3, process)
    engine.freeze()
    try:
        time.sleep(20)
    finally:
        engine.thaw()
    finished(process)
    assert_complete(store)
    longest = max((row.ended_at - row.started_at).total_seconds() for row in rows(store))
    assert longest <= 3 + 15


def test_an_endpoint_that_is_down_for_ten_seconds_is_waited_for(
    configure: Configure, command: Command, project: Path, store: Store
) -> None:
    app = create_app(golden.world(project / "datasets"), golden.cast(), time_scale=0)
    with serving(Endpoint(script=slowly, behind=app)) as first:
        configure(first.url)
        process = command("bench", "decider")
        wait_for_rows(store, 3, process)
    time.sleep(10)
    with serving(Endpoint(behind=app), port=int(first.url.split(":")[2].split("/")[0])):
        finished(process)
    assert_complete(store)
    assert {"unreachable"} <= {row.error_kind for row in rows(store)} <= {None, "unreachable", "cut_stream"}


@pytest.fixture
def small_disk(project: Path) -> Iterator[Path]:
    """A disk of 4 MB under everything a run writes."""
    place = project / ".routelab"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_delays_a_row_and_loses_none(
    small_disk: Path, configure: Configure, command: Command, endpoint: Endpoint
) -> None:
    endpoint.script = slowly
    configure(endpoint.url)
    store = open_store(f"sqlite:///{small_disk / 'routelab.db'}")
    process = command("bench", "decider")
    wait_for_rows(store, 3, process)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    time.sleep(4)
    stuck = len(rows(store))
    time.sleep(1)
    assert len(rows(store)) == stuck < CELLS  # no row could be written, and no lane went on without
    filler.unlink()
    output = finished(process)
    assert "commit failed, trying again" in output
    assert_complete(store)
    store.close()


def test_two_benches_share_one_cap(
    configure: Configure, command: Command, endpoint: Endpoint, project: Path, engine: PrivateEngine
) -> None:
    endpoint.script = slowly
    stores = [f"sqlite:///{project / f'{name}.db'}" for name in ("one", "two")]
    for number, url in enumerate(stores):
        configure(endpoint.url, store=url, name=f"{number}.toml", limits={"max_concurrency": 4})
    processes = [command("bench", "decider", "--config", f"{number}.toml") for number in range(2)]
    counts: Counter[int] = Counter()
    while any(process.poll() is None for process in processes):
        counts[len(engine.listed("ps", "-q"))] += 1
        time.sleep(0.1)
    for process in processes:
        finished(process)
    assert max(counts) == 4, counts
    print("live containers, and in how many looks:", dict(sorted(counts.items())))
    for url in stores:
        opened = open_store(url)
        assert_complete(opened)
        opened.close()
