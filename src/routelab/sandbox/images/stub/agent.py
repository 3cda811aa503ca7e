#!/usr/bin/python3 -IB
"""A small agent that stands in for the real ones: quick, deterministic, standard library only.

Reads its task from standard input, lets the model of $ROUTELAB_STUB_URL call one tool, `bash`, and
prints what happened as one JSON object a line, in kilo's shapes. $ROUTELAB_STUB_MISBEHAVE makes it
do what a sandbox must survive: `hang`, `detach`, `flood`, `hog` or `steal`.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

MAX_STEPS = 30
MAX_TOOL_OUTPUT = 30_000
FLOOD_BYTES = 1 << 30
_ANSWER_TIMEOUT_S = 600.0
_TOOL = {
    "type": "function",
    "function": {
        "name": "bash",
        "description": "Run a command in the working folder and get its output.",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string"}},
            "required": ["command"],
        },
    },
}


class Refused(Exception):
    """The endpoint did not give an answer; `status` None: it could not be reached, or made no sense."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def emit(kind: str, **fields: Any) -> None:
    """Print one event."""
    event = {"type": kind, "timestamp": time.time_ns() // 1_000_000, **fields}
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def ask(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """One completion; raises Refused."""
    url = urlsplit(os.environ["ROUTELAB_STUB_URL"])
    connection = http.client.HTTPConnection(url.netloc, timeout=_ANSWER_TIMEOUT_S)
    body = {"model": os.environ["ROUTELAB_STUB_MODEL"], "messages": messages, "tools": [_TOOL], "stream": False}
    headers = {"Authorization": f"Bearer {os.environ['ROUTELAB_STUB_KEY']}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"{url.path}/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        raw = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Refused(f"cannot reach the endpoint: {error!r}") from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise Refused(_reason(raw), response.status)
    try:
        answer: dict[str, Any] = json.loads(raw)
        answer["choices"][0]["message"]
    except (ValueError, LookupError, TypeError) as error:
        raise Refused(f"the endpoint's answer makes no sense: {raw[:200]!r}") from error
    return answer


def _reason(raw: bytes) -> str:
    try:
        return str(json.loads(raw)["error"]["message"])
    except (ValueError, LookupError, TypeError):
        return raw[:200].decode("utf-8", "replace")


def run_tool(call: dict[str, Any]) -> str:
    """Run a tool call's command and print it as an event; its output."""
    try:
        command = str(json.loads(call["function"]["arguments"])["command"])
    except (ValueError, LookupError, TypeError):
        output, command = "the call has no command", ""
    else:
        output = _bash(command)
    state = {"status": "completed", "input": {"command": command}, "output": output}
    emit("tool_use", tool="bash", callID=call.get("id"), state=state)
    return output


def _bash(command: str) -> str:
    # Not a pipe: a child left in the background would hold it open after the command ended.
    with os.fdopen(os.memfd_create("output"), "w+b") as file:
        try:
            code = subprocess.run(
                ["/bin/bash", "-c", command], stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False
            ).returncode
        except (OSError, ValueError) as error:  # too long, or with a null byte
            return f"cannot be run: {error}"
        file.seek(0)
        output = file.read(MAX_TOOL_OUTPUT).decode("utf-8", "replace")
    return output if code == 0 else f"{output}\n(exit code {code})"


def finish_step(answer: dict[str, Any], *, called: bool) -> None:
    """Print what a step cost; like kilo, tokens read from a cache are not among `input`."""
    usage = answer.get("usage") or {}
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    tokens = {
        "input": usage.get("prompt_tokens", 0) - cached,
        "output": usage.get("completion_tokens", 0),
        "cache": {"read": cached, "write": 0},
    }
    reason = "tool-calls" if called else answer["choices"][0].get("finish_reason")
    emit("step_finish", reason=reason, tokens=tokens, cost=usage.get("cost"))


def work(prompt: str) -> None:
    """Go on until the model calls no tool any more, `MAX_STEPS` steps at most; raises Refused."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}]
    for _ in range(MAX_STEPS):
        answer = ask(messages)
        message = answer["choices"][0]["message"]
        calls = message.get("tool_calls") or []
        emit("step_start")
        messages.append(message)
        if message.get("content"):
            emit("text", text=message["content"])
        for call in calls:
            output = run_tool(call)
            messages.append({"role": "tool", "tool_call_id": call.get("id"), "content": output})
        finish_step(answer, called=bool(calls))
        if not calls:
            return


def misbehave(way: str) -> None:
    """What the variable asks for, after the answer was printed."""
    if way == "hang":
        while True:
            time.sleep(1_000)
    elif way == "detach":
        subprocess.Popen(["/bin/sleep", "1000"], start_new_session=True)
    elif way == "flood":
        line = b"x" * 65_535 + b"\n"
        for _ in range(FLOOD_BYTES // len(line)):
            sys.stdout.buffer.write(line)
    elif way == "hog":
        held = []
        while True:
            held.append(b"x" * (16 << 20))
    elif way == "steal":
        emit("text", text=json.dumps(dict(os.environ)))


def main() -> int:
    """Do the task; 1 when the endpoint gave no answer."""
    try:
        work(sys.stdin.read())
    except Refused as error:
        data = {"message": str(error), "statusCode": error.status}
        emit("error", error={"name": "APIError", "data": data})
        return 1
    misbehave(os.environ.get("ROUTELAB_STUB_MISBEHAVE", ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
