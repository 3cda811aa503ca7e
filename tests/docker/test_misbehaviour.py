"""Agents that hang, flood, fork and devour: a case ends in time and leaves nothing to the next."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec import Struct
from tests.docker.misbehaving import MisbehavingStub
from tests.integration.loopback import Endpoint

from routelab.agents import PROGRAMS
from routelab.bench.containers import containers
from routelab.bench.decider_cases import DeciderExecutor
from routelab.bench.execution import Execution
from routelab.config import Config
from routelab.datasets import load_decider
from routelab.llm import EndpointClient
from routelab.records import Candidate
from routelab.sandbox import Launch
from routelab.sandbox.containers import ContainerSandbox, Labels
from routelab.settings import Settings

pytestmark = pytest.mark.docker
TIMEOUT_S = 4.0
SURE = Candidate("sim/sure")
QUESTION, WORKSPACE = "debugging-bug-fixing-1", "debugging-bug-fixing-0"
_WATCHER = "$(ps -o ppid= -p $PPID)"
"""The wrapper of a command: the parent of its `timeout`."""
_LOOK_INTO = """
import os, sys
for name in ("mem", "environ", "maps", "fd/0", "fd/1", "cwd"):
    try:
        os.open(f"/proc/{sys.argv[1]}/{name}", os.O_RDONLY)
        print("could open", name)
    except PermissionError:
        print("refused", name)
"""


class Place(Struct):
    """A lane whose agent misbehaves as told."""

    executor: DeciderExecutor
    sandbox: ContainerSandbox
    stub: MisbehavingStub

    async def case(self, case_id: str, how: str | None) -> Execution:
        self.stub.how = how
        return await self.executor.execute(case_id, SURE, 1)

    async def processes(self) -> list[str]:
        listed = await self.sandbox.run("ps -eo args --no-headers", timeout_s=10)
        return [line for line in listed.output.splitlines() if "ps -eo" not in line and "IFS=" not in line]


@pytest.fixture
async def place(
    configure: Callable[..., Config], endpoint: Endpoint, stub_image: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    stub = MisbehavingStub()
    monkeypatch.setitem(PROGRAMS, "stub", stub)
    config = configure(endpoint.url)
    dataset = load_decider(config.dataset_path("decider/v1"))
    async with (
        EndpointClient(config.endpoint) as client,
        containers(config, Settings(), client, agent="stub", image=stub_image, run_id="misbehaving") as ready,
    ):
        sandbox = ready.sandbox("lane")
        cases = {case.id: case for case in dataset.cases}
        folder = config.dataset_path("decider/v1")
        executor = DeciderExecutor(cases, folder, ready.agent, sandbox, run_id="misbehaving", timeout_s=TIMEOUT_S)
        await executor.start()
        yield Place(executor, sandbox, stub)
        await executor.close()


async def test_an_agent_that_hangs_after_its_answer_is_graded_by_it(place: Place) -> None:
    began = time.monotonic()
    hung = await place.case(QUESTION, "hang")
    assert time.monotonic() - began < TIMEOUT_S + 15
    assert (hung.score, hung.error, hung.timed_out, hung.finish_reason) == (1.0, None, False, "stop")
    before = place.sandbox.container
    again = await place.case(WORKSPACE, None)
    assert (again.score, again.error) == (1.0, None)
    assert place.sandbox.container == before  # started again, not replaced


async def test_a_detached_child_that_holds_the_pipes_ends_with_its_case(place: Place) -> None:
    began = time.monotonic()
    detached = await place.case(QUESTION, "detach")
    assert time.monotonic() - began < TIMEOUT_S
    assert (detached.score, detached.timed_out) == (1.0, False)
    assert [line for line in await place.processes() if "forward.py" not in line and "timeout" not in line] == []


async def test_a_gigabyte_of_output_is_cut_and_not_held_in_memory(place: Place) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    flooded = await place.case(QUESTION, "flood")
    kept = sum(len(line) for line in flooded.events)
    assert kept < 2_100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB
    assert flooded.error is None
    assert (await place.case(WORKSPACE, None)).score == 1.0


async def test_an_agent_that_uses_up_the_memory_is_the_infrastructures_failure(place: Place) -> None:
    hog = await place.case(QUESTION, "devour")
    assert hog.score is None
    assert hog.error is not None
    assert hog.error.kind in ("out_of_memory", "lost_container")
    assert (await place.case(WORKSPACE, None)).score == 1.0


async def test_no_process_outlives_a_command_that_kills_its_watcher(place: Place) -> None:
    command = f"setsid sleep 77 >/dev/null 2>&1 </dev/null & kill -9 {_WATCHER}; echo answered"
    killed = await place.sandbox.launch(Launch(command=command, env={}, stdin=b"", timeout_s=10))
    assert (killed.exit_code, killed.stdout) == (137, "answered\n")
    assert [line for line in await place.processes() if "sleep 77" in line] == []


async def test_no_process_outlives_a_command_that_stops_its_watcher(place: Place) -> None:
    command = f"setsid sleep 77 >/dev/null 2>&1 </dev/null & kill -STOP {_WATCHER} $PPID; sleep 100"
    began = time.monotonic()
    stopped = await place.sandbox.launch(Launch(command=command, env={}, stdin=b"", timeout_s=1))
    assert stopped.timed_out
    assert [line for line in await place.processes() if "sleep 77" in line] == []
    assert time.monotonic() - began < 1 + 15


async def test_the_watcher_cannot_be_looked_into(place: Place) -> None:
    looked = await place.sandbox.run(f"python3 - {_WATCHER} <<'END'\n{_LOOK_INTO}\nEND", timeout_s=10)
    assert "could open" not in looked.output
    assert looked.output.count("refused") == 6


async def test_a_workspace_that_was_locked_is_wiped(place: Place) -> None:
    before = place.sandbox.container
    await place.sandbox.run("mkdir -p a/b; touch a/b/c; chmod 0 a/b a . /lane", timeout_s=10)
    await place.sandbox.reset(None)
    assert (await place.sandbox.run("ls -A", timeout_s=10)).output == ""
    assert place.sandbox.container == before


async def test_the_agents_own_state_is_put_back_between_cases(place: Place) -> None:
    await place.case(QUESTION, None)
    home = (await place.sandbox.run("find $HOME /tmp $TMPDIR | sort", timeout_s=10)).output
    await place.sandbox.run("touch $HOME/left /tmp/left $TMPDIR/left /dev/shm/left; chmod 0 $HOME", timeout_s=10)
    await place.sandbox.reset(None)
    assert (await place.sandbox.run("find $HOME /tmp $TMPDIR | sort", timeout_s=10)).output == home
    assert (await place.sandbox.run("ls /dev/shm", timeout_s=10)).output == ""


async def test_a_hundred_containers_come_and_go_without_a_trace(place: Place) -> None:
    async def come_and_go(lane: int) -> None:
        labels = Labels(run_id="misbehaving", lane=f"lane {lane}")
        for _ in range(25):
            sandbox = ContainerSandbox(
                place.sandbox._engine,
                place.sandbox._slots,
                image=place.sandbox._image,
                labels=labels,
                limits=place.sandbox._limits,
                proxy_folder=place.sandbox._proxy_folder,
            )
            await sandbox.start()
            assert (await sandbox.run("echo alive", timeout_s=10)).output == "alive\n"
            await sandbox.close()

    began = time.monotonic()
    await asyncio.gather(*(come_and_go(lane) for lane in range(3)))
    await come_and_go(3)
    print(f"100 containers in {time.monotonic() - began:.1f} s")
    assert await place.sandbox._slots.live() == 1
    deadline = time.monotonic() + 10
    while (zombies := _zombies()) and time.monotonic() < deadline:  # noqa: ASYNC110 - processes tell nobody
        await asyncio.sleep(0.2)  # the machine's first process collects the engine's orphans when it gets to it
    assert zombies == []


def _zombies() -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = stat.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue
        if fields.startswith("Z") and name in ("dockerd", "containerd", "containerd-shim", "runc"):
            found.append(name)
    return found
