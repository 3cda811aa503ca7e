"""Whose a container is, also after its owner died and its number went to another process."""

import json
import os
import subprocess
import sys

import pytest

from routelab.sandbox.containers.labels import Labels, is_own, owner_is_gone

_PRINT = """
import json
from routelab.sandbox.containers import Labels
print(json.dumps(Labels(run_id="r", lane="l").written()))
"""


@pytest.fixture
def mine() -> dict[str, str]:
    return Labels(run_id="run-1", lane="sim/atlas r1 s0").written()


@pytest.fixture(scope="module")
def dead() -> dict[str, str]:
    answer = subprocess.run([sys.executable, "-c", _PRINT], capture_output=True, text=True, check=True)
    written: dict[str, str] = json.loads(answer.stdout)
    return written


def test_what_the_labels_say(mine: dict[str, str]) -> None:
    assert mine["routelab.project"] == "1"
    assert (mine["routelab.run"], mine["routelab.lane"]) == ("run-1", "sim/atlas r1 s0")
    assert mine["routelab.pid"] == str(os.getpid())
    assert mine["routelab.process_start"].isdigit()


def test_a_living_owner_is_not_gone_and_a_dead_one_is(mine: dict[str, str], dead: dict[str, str]) -> None:
    assert not owner_is_gone(mine)
    assert owner_is_gone(dead)


def test_a_number_that_was_given_to_another_process_is_not_the_owner(mine: dict[str, str]) -> None:
    assert owner_is_gone({**mine, "routelab.process_start": "1"})
    assert not is_own({**mine, "routelab.process_start": "1"}, "run-1")


def test_a_process_that_only_waits_to_be_collected_has_ended(mine: dict[str, str]) -> None:
    child = subprocess.Popen([sys.executable, "-c", _PRINT], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    labels = json.loads(child.stdout.readline())
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert owner_is_gone(labels)
    child.communicate()


@pytest.mark.parametrize(
    "changes",
    [
        {"routelab.host": "elsewhere"},
        {"routelab.project": "2"},
        {"routelab.pid": "no number"},
        {"routelab.pid": ""},
        {"routelab.pid": "-1"},
    ],
)
def test_what_cannot_be_known_is_left_alone(dead: dict[str, str], changes: dict[str, str]) -> None:
    assert not owner_is_gone({**dead, **changes})


@pytest.mark.parametrize("missing", ["project", "host", "pid"])
def test_labels_that_lack_something_are_nobodys(dead: dict[str, str], missing: str) -> None:
    assert not owner_is_gone({name: text for name, text in dead.items() if name != f"routelab.{missing}"})
    assert not owner_is_gone({})


def test_only_this_processes_own_run_is_its_own(mine: dict[str, str], dead: dict[str, str]) -> None:
    assert is_own(mine, "run-1")
    assert not is_own(mine, "run-2")
    assert is_own(mine, "run-1", "sim/atlas r1 s0")
    assert not is_own(mine, "run-1", "sim/atlas r1 s1")
    assert not is_own(dead, "r")
    assert not is_own({**mine, "routelab.host": "elsewhere"}, "run-1")
    assert not is_own({}, "run-1")
