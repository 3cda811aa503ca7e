import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from routelab.sandbox import recipe


class _Model(BaseHTTPRequestHandler):
    """Answers what the test has put into `answers`: (status, body), one after another."""

    answers: list[tuple[int, Any]]
    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        status, answer = self.answers.pop(0)
        raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[type[_Model]]:
    handler = type("Model", (_Model,), {"answers": [], "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield handler
        server.shutdown()
        thread.join()


def _said(text: str | None, *commands: str, reason: str = "stop") -> tuple[int, Any]:
    calls = [
        {"id": f"call_{number}", "function": {"name": "bash", "arguments": json.dumps({"command": command})}}
        for number, command in enumerate(commands)
    ]
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "cost": 0.25,
        "prompt_tokens_details": {"cached_tokens": 40},
    }
    message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    return 200, {"choices": [{"message": message, "finish_reason": "tool_calls" if calls else reason}], "usage": usage}


def _stub(model: Any, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-IB", str(recipe.IMAGES / "stub" / "agent.py")],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "ROUTELAB_STUB_URL": getattr(model, "url", "http://127.0.0.1:9"),
            "ROUTELAB_STUB_KEY": "sk-test",
            "ROUTELAB_STUB_MODEL": "sim/one",
            **environment,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _run(model: Any, folder: Path, prompt: str = "Do it.", **environment: str) -> tuple[int, list[dict[str, Any]]]:
    with _stub(model, folder, **environment) as stub:
        out, _ = stub.communicate(prompt.encode(), timeout=20)
    return stub.returncode, [json.loads(line) for line in out.splitlines()]


class TestStub:
    def test_an_answer(self, model: Any, tmp_path: Path) -> None:
        model.answers.append(_said("42"))
        code, events = _run(model, tmp_path, "What is it?")
        assert code == 0
        assert [event["type"] for event in events] == ["step_start", "text", "step_finish"]
        assert events[1]["text"] == "42"
        assert events[2]["reason"] == "stop"
        assert events[2]["cost"] == 0.25
        assert events[2]["tokens"] == {"input": 60, "output": 7, "cache": {"read": 40, "write": 0}}
        (asked,) = model.asked
        assert (asked["path"], asked["key"], asked["model"]) == ("/v1/chat/completions", "Bearer sk-test", "sim/one")
        assert asked["messages"] == [{"role": "user", "content": "What is it?"}]
        assert not asked["stream"]
        assert [tool["function"]["name"] for tool in asked["tools"]] == ["bash"]

    def test_tools_really_run(self, model: Any, tmp_path: Path) -> None:
        model.answers += [_said(None, "echo hi | tee made.txt", "echo no; exit 3"), _said("done")]
        code, events = _run(model, tmp_path)
        assert code == 0
        assert (tmp_path / "made.txt").read_text() == "hi\n"
        tools = [event for event in events if event["type"] == "tool_use"]
        assert [tool["state"]["output"] for tool in tools] == ["hi\n", "no\n\n(exit code 3)"]
        assert [event["reason"] for event in events if event["type"] == "step_finish"] == ["tool-calls", "stop"]
        told = [message for message in model.asked[1]["messages"] if message["role"] == "tool"]
        assert [message["tool_call_id"] for message in told] == ["call_0", "call_1"]
        assert told[0]["content"] == "hi\n"

    def test_a_command_left_in_the_background_is_not_waited_for(self, model: Any, tmp_path: Path) -> None:
        model.answers += [_said(None, "sleep 4 & echo $!"), _said("done")]
        began = time.monotonic()
        code, _ = _run(model, tmp_path)
        assert code == 0
        assert time.monotonic() - began < 3

    def test_a_call_that_makes_no_sense_is_told_to_the_model(self, model: Any, tmp_path: Path) -> None:
        model.answers += [_said(None, "true"), _said("done")]
        model.answers[0][1]["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] = "[]"
        code, _ = _run(model, tmp_path)
        assert code == 0
        assert model.asked[1]["messages"][-1]["content"] == "the call has no command"

    def test_it_stops_calling_after_its_last_step(self, model: Any, tmp_path: Path) -> None:
        model.answers += [_said(None, "true")] * 40
        code, events = _run(model, tmp_path)
        assert code == 0
        assert len(model.asked) == 30
        assert events[-1]["reason"] == "tool-calls"

    @pytest.mark.parametrize("status", [401, 402, 429, 500])
    def test_an_error_ends_it(self, model: Any, tmp_path: Path, status: int) -> None:
        model.answers.append((status, {"error": {"message": "no"}}))
        code, events = _run(model, tmp_path)
        assert code == 1
        assert [event["error"]["data"] for event in events] == [{"message": "no", "statusCode": status}]

    @pytest.mark.parametrize("answer", [b"<html>", {"choices": []}, []])
    def test_an_answer_without_sense_ends_it(self, model: Any, tmp_path: Path, answer: Any) -> None:
        model.answers.append((200, answer))
        code, events = _run(model, tmp_path)
        assert code == 1
        assert events[0]["error"]["data"]["statusCode"] is None

    def test_an_endpoint_that_is_down_ends_it(self, tmp_path: Path) -> None:
        code, events = _run(None, tmp_path)
        assert code == 1
        assert "cannot reach the endpoint" in events[0]["error"]["data"]["message"]

    def test_it_steals(self, model: Any, tmp_path: Path) -> None:
        model.answers.append(_said("42"))
        _, events = _run(model, tmp_path, ROUTELAB_STUB_MISBEHAVE="steal")
        assert json.loads(events[-1]["text"])["ROUTELAB_STUB_KEY"] == "sk-test"

    def test_it_hangs_after_its_answer(self, model: Any, tmp_path: Path) -> None:
        model.answers.append(_said("42"))
        with _stub(model, tmp_path, ROUTELAB_STUB_MISBEHAVE="hang") as stub:
            assert stub.stdin is not None
            assert stub.stdout is not None
            stub.stdin.close()
            kinds = [json.loads(stub.stdout.readline())["type"] for _ in range(3)]
            assert kinds == ["step_start", "text", "step_finish"]
            with pytest.raises(subprocess.TimeoutExpired):
                stub.wait(0.3)
            stub.kill()

    def test_it_leaves_a_child_that_holds_its_output(self, model: Any, tmp_path: Path) -> None:
        model.answers.append(_said("42"))
        with _stub(model, tmp_path, ROUTELAB_STUB_MISBEHAVE="detach") as stub:
            assert stub.stdin is not None
            assert stub.stdout is not None
            stub.stdin.close()
            assert stub.wait(10) == 0
            child = next(pid for pid in _processes() if _holds(pid, stub.stdout.fileno()))
            assert os.getsid(child) == child
            os.kill(child, 9)
            assert stub.stdout.read().count(b"\n") == 3

    def test_it_floods(self, model: Any, tmp_path: Path) -> None:
        model.answers.append(_said("42"))
        with _stub(model, tmp_path, ROUTELAB_STUB_MISBEHAVE="flood") as stub:
            assert stub.stdin is not None
            assert stub.stdout is not None
            stub.stdin.close()
            assert len(stub.stdout.read(8_000_000)) == 8_000_000
            stub.kill()


def _processes() -> list[int]:
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid()
    ]


def _holds(pid: int, descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(pid) / "fd" / "1").readlink() == Path(f"/proc/self/fd/{descriptor}").readlink()
    return False
