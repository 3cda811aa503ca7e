"""`routelab agent` and `routelab sandbox`, where there is nothing to run them on."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.loopback import closed_port
from tests.unit.cli.conftest import Routelab

from routelab.agents import PROGRAMS

RUN = ("agent", "run", "hello")


@pytest.fixture(params=["tcp", "no socket", "no address"])
def no_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment whose engine does not answer."""
    places = {
        "tcp": f"tcp://127.0.0.1:{closed_port()}",
        "no socket": f"unix://{tmp_path}/no.sock",
        "no address": "x://",
    }
    monkeypatch.setenv("DOCKER_HOST", places[request.param])


def sentence(err: str) -> str:
    assert err.startswith("routelab: ")
    assert err.count("\n") == 1, err
    return err.removeprefix("routelab: ").strip()


@pytest.mark.parametrize(
    "command",
    [
        (*RUN, "--agent", "kilo", "--model", "sim/x"),
        ("sandbox", "build", "kilo"),
        ("sandbox", "sweep"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_there_is_one_sentence(routelab: Routelab, command: tuple[str, ...]) -> None:
    result = routelab(*command)
    assert result.code == 1
    assert sentence(result.err).startswith("no Docker engine answers: ")


@pytest.mark.usefixtures("no_engine")
def test_the_sweep_of_folders_needs_no_engine(
    routelab: Routelab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f"routelab-sandbox-{gone.pid}-x").mkdir()
    result = routelab("sandbox", "sweep")
    assert (result.code, result.out) == (1, "1 temporary folders removed\n")
    assert not list(tmp_path.glob("routelab-sandbox-*"))


def test_an_agent_that_is_none_is_told_with_those_there_are(routelab: Routelab) -> None:
    result = routelab(*RUN, "--agent", "nonsense", "--model", "sim/x")
    assert (result.code, result.out) == (2, "")
    assert sentence(result.err) == f"there is no agent nonsense for containers; there are {', '.join(PROGRAMS)}"


@pytest.mark.parametrize("model", ["", " sim/x"])
def test_a_model_that_is_none_is_told(routelab: Routelab, model: str) -> None:
    result = routelab(*RUN, "--agent", "kilo", "--model", model)
    assert (result.code, result.out) == (2, "")
    assert sentence(result.err).startswith("--model: ")


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_a_time_that_is_none_is_told(routelab: Routelab, seconds: str) -> None:
    result = routelab(*RUN, "--agent", "kilo", "--model", "sim/x", "--timeout", seconds)
    assert (result.code, result.out) == (2, "")
    assert "--timeout" in result.err


def test_a_model_must_be_named(routelab: Routelab) -> None:
    result = routelab(*RUN, "--agent", "kilo")
    assert (result.code, result.out) == (2, "")
    assert "--model" in result.err
