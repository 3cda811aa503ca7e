"""The commands as a shell runs them, with a program in the agent's place that tells how it was called."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.agents.programs import PROGRAMS

from routelab.agents.claude_code import ClaudeCodeProgram
from routelab.agents.codex import CodexProgram
from routelab.agents.mini_swe_agent import MiniSweAgentProgram
from routelab.agents.opencode import OpencodeProgram
from routelab.agents.program import Door, Program
from routelab.agents.protocol import AgentTask
from routelab.agents.stub import StubProgram
from routelab.records import Candidate

DOOR = Door("http://127.0.0.1:8790", "sk-routelab-1-secret")
WITNESS = """\
#!/usr/bin/env python3
import json, os, pathlib, sys
words = {"arguments": sys.argv[1:], "stdin": sys.stdin.read(), "environment": dict(os.environ)}
pathlib.Path(os.environ["WITNESS"]).write_text(json.dumps(words))
"""
TRAJECTORY = {"messages": [{"role": "assistant", "content": "On it."}, {"role": "exit", "content": "", "extra": {}}]}
MINI = f"""\
#!/usr/bin/env python3
import pathlib, sys, time
output = sys.argv[sys.argv.index("--output") + 1]
pathlib.Path(output).write_text({json.dumps(TRAJECTORY)!r})
print("chatter")
time.sleep(float(sys.argv[0].endswith("mini") and pathlib.Path("sleep").read_text()))
sys.exit(7)
"""


def task(model: str = "real/one", variant: str | None = None, prompt: str = "How many?") -> AgentTask:
    return AgentTask(
        run_id="run",
        case_id="case",
        candidate=Candidate(model, variant),
        repetition=1,
        system_prompt=None,
        prompt=prompt,
        timeout_s=30,
    )


def environment(folder: Path) -> dict[str, str]:
    path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "WITNESS": str(folder / "witness.json")}


def called(program: Program, asked: AgentTask, folder: Path) -> dict[str, Any]:
    for name in ("kilo", "opencode", "codex", "claude", "mini", "stub"):
        (folder / name).write_text(WITNESS)
        (folder / name).chmod(0o755)
    launch = program.launch(asked, DOOR)
    ended = subprocess.run(
        ["sh", "-c", launch.command],
        input=launch.stdin,
        env={**environment(folder), **launch.env},
        cwd=folder,
        capture_output=True,
        timeout=30,
    )
    assert ended.returncode == 0, ended.stderr
    seen: dict[str, Any] = json.loads((folder / "witness.json").read_text())
    return seen


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_the_token_comes_through_the_environment_alone(program: Program, tmp_path: Path) -> None:
    launch = program.launch(task(), DOOR)
    assert DOOR.token in launch.env.values()
    assert DOOR.token not in launch.command
    assert DOOR.token.encode() not in launch.stdin
    assert launch.timeout_s == 30


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_model_and_prompt_arrive_whole(program: Program, tmp_path: Path) -> None:
    prompt = "What's \"this\"?\n\n-- $(touch stolen) `id` 🎉 'x'\n"
    model = "vendor/it's $HOME;v1:free"
    seen = called(program, task(model, prompt=prompt), tmp_path)
    assert not (tmp_path / "stolen").exists()
    if program.name == "mini-swe-agent":
        config = yaml.safe_load(Path(seen["arguments"][seen["arguments"].index("--config") + 3]).read_text())
        assert (config["run"]["task"], config["model"]["model_name"]) == (prompt, f"openai/{model}")
    else:
        assert seen["stdin"] == prompt
        told = seen["environment"]["ROUTELAB_STUB_MODEL"] if program.name == "stub" else " ".join(seen["arguments"])
        assert model in told


@pytest.mark.parametrize("program", PROGRAMS[:-1], ids=lambda program: program.name)
def test_the_variant_is_asked_for_where_there_is_one(program: Program) -> None:
    def said(variant: str | None) -> str:
        launch = program.launch(task(variant=variant), DOOR)
        return f"{launch.command}{launch.env}{launch.stdin!r}"

    assert "ultra" in said("ultra")
    assert "None" not in said(None)
    assert "effort" not in said(None)


def test_codex_finds_its_provider_in_its_arguments(tmp_path: Path) -> None:
    arguments = called(CodexProgram(), task(variant="high"), tmp_path)["arguments"]
    assert 'model_providers.routelab.base_url="http://127.0.0.1:8790/v1"' in arguments
    assert 'model_providers.routelab.wire_api="responses"' in arguments
    assert 'model_reasoning_effort="high"' in arguments


def test_opencode_finds_its_provider_in_the_environment() -> None:
    launch = OpencodeProgram().launch(task(variant="high"), DOOR)
    provider = json.loads(launch.env["OPENCODE_CONFIG_CONTENT"])["provider"]["routelab"]
    assert provider["options"] == {"baseURL": "http://127.0.0.1:8790/v1", "apiKey": "{env:ROUTELAB_TOKEN}"}
    assert provider["models"]["real/one"]["variants"] == {"high": {"reasoningEffort": "high"}}
    assert launch.env["ROUTELAB_TOKEN"] == DOOR.token


def test_claude_code_asks_for_no_effort_of_its_own() -> None:
    assert ClaudeCodeProgram().launch(task(), DOOR).env["CLAUDE_CODE_EFFORT_LEVEL"] == "auto"
    assert "CLAUDE_CODE_EFFORT_LEVEL" not in ClaudeCodeProgram().launch(task(variant="low"), DOOR).env


def test_the_stub_misbehaves_only_when_told_to() -> None:
    assert "ROUTELAB_STUB_MISBEHAVE" not in StubProgram().launch(task(), DOOR).env
    assert StubProgram(misbehave="hang").launch(task(), DOOR).env["ROUTELAB_STUB_MISBEHAVE"] == "hang"


@given(prompt=st.text())
def test_every_prompt_survives_the_configuration_of_mini_swe_agent(prompt: str) -> None:
    stdin = MiniSweAgentProgram().launch(task(prompt=prompt), DOOR).stdin
    assert yaml.safe_load(stdin)["run"]["task"] == prompt


def mini(folder: Path, *, sleep_s: float) -> subprocess.Popen[str]:
    (folder / "mini").write_text(MINI)
    (folder / "mini").chmod(0o755)
    (folder / "sleep").write_text(str(sleep_s))
    launch = MiniSweAgentProgram().launch(task(), DOOR)
    return subprocess.Popen(
        ["sh", "-c", launch.command],
        stdin=subprocess.DEVNULL,
        env={**environment(folder), **launch.env},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def test_mini_swe_agent_prints_its_trajectory_a_message_a_line_and_keeps_its_exit_code(tmp_path: Path) -> None:
    ending = mini(tmp_path, sleep_s=0)
    stdout, _ = ending.communicate(timeout=30)
    assert [json.loads(line) for line in stdout.splitlines()] == TRAJECTORY["messages"]
    assert ending.returncode == 7


def test_mini_swe_agent_prints_what_it_has_when_its_deadline_ends_it(tmp_path: Path) -> None:
    ending = mini(tmp_path, sleep_s=60)
    patience = time.monotonic() + 20
    while not any(path.stat().st_size for path in tmp_path.glob("*.json")) and time.monotonic() < patience:
        time.sleep(0.02)
    os.killpg(ending.pid, signal.SIGTERM)
    stdout, _ = ending.communicate(timeout=30)
    assert MiniSweAgentProgram().parse(stdout).entries[0].text == "On it."
    assert ending.returncode == 143
