"""The mini-swe-agent command line."""

import json
import re
from typing import Any

from msgspec import structs

from routelab.agents.events import json_lines, mapping, mappings, shown, text, total
from routelab.agents.program import Door, Entry, Transcript
from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch

_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "MSWEA_CONFIGURED": "true",
    "MSWEA_COST_TRACKING": "ignore_errors",
    "MSWEA_MODEL_RETRY_STOP_AFTER_ATTEMPT": "3",
    "MSWEA_SILENT_STARTUP": "1",
}
_COMMAND = """\
tell() {
    [ -s "$trajectory" ] && python3 -c '
import json, sys
for message in json.load(open(sys.argv[1]))["messages"]:
    print(json.dumps(message))
' "$trajectory"
}
task=$(mktemp --suffix=.yaml) && trajectory=$(mktemp --suffix=.json) && cat >"$task" || exit
trap tell EXIT
trap 'exit 143' TERM
mini --yolo --exit-immediately --config mini.yaml --config "$task" --output "$trajectory" >&2
"""
"""The trajectory is one document, written anew at each step. It is printed a message a line, so that
a part of it can be read when the middle is cut out, and also when the deadline ends the run."""
_BEYOND_ASCII = re.compile("[^ -~]")
_STATUS = re.compile(r"\bError code: (\d{3})\b")


class MiniSweAgentProgram:
    """Mini-swe-agent through LiteLLM's OpenAI client.

    It ends when the model runs `echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT`.
    """

    name = "mini-swe-agent"
    version = "2.4.6"

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One run; the prompt comes in the configuration, since there is no other way but an argument."""
        candidate = task.candidate
        effort = {} if candidate.variant is None else {"extra_body": {"reasoning_effort": candidate.variant}}
        config = {
            "run": {"task": task.prompt},
            "agent": {"cost_limit": 0},
            "model": {
                "model_name": f"openai/{candidate.model}",
                "model_class": "litellm",
                "model_kwargs": {"api_base": f"{door.url}/v1", "max_retries": 0, **effort},
            },
        }
        return Launch(
            command=_COMMAND,
            env={**_ENVIRONMENT, "OPENAI_API_KEY": door.token},
            stdin=_yaml(config).encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its trajectory, a message a line; cost is unknown, since LiteLLM does not know our prices."""
        reading = _Reading()
        for event in json_lines(stdout):
            role = event.get("role")
            if role == "assistant":
                reading.answer(event)
            elif role == "tool":
                reading.take_result(event)
            elif role == "user":
                reading.complain(event)
            elif role == "exit":
                reading.end(event)
        return reading.transcript()


class _Reading:
    """What the messages told so far."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._calls: dict[str, int] = {}
        self._said = ""
        self._final = ""
        self._reason: str | None = None
        self._prompt: int | None = None
        self._completion: int | None = None

    def answer(self, message: dict[str, Any]) -> None:
        """A turn of the model with its tool calls."""
        self._say(message)
        self._hear(mapping(message.get("extra")))

    def take_result(self, message: dict[str, Any]) -> None:
        """What a tool call gave back."""
        place = self._calls.get(text(message.get("tool_call_id")))
        if place is not None:
            self._entries[place] = structs.replace(self._entries[place], result=shown(message.get("content")))

    def complain(self, message: dict[str, Any]) -> None:
        """A turn without a valid tool call, which the program keeps beside its own complaint."""
        extra = mapping(message.get("extra"))
        if extra.get("interrupt_type") != "FormatError":
            return
        for choice in mappings(mapping(extra.get("response")).get("choices")):
            self._say(mapping(choice.get("message")))
        self._hear(extra)
        self._entries.append(Entry(kind="step", text=text(message.get("content"))))

    def end(self, message: dict[str, Any]) -> None:
        """How it ended; only a submission is a finished answer."""
        extra = mapping(message.get("extra"))
        status = text(extra.get("exit_status"))
        if status == "Submitted":
            self._final = text(extra.get("submission")).strip() or self._said
            self._reason = "stop"
        elif "exception_str" in extra:
            found = _STATUS.search(text(extra.get("traceback")))
            self._entries.append(
                Entry(kind="error", text=text(message.get("content")), status=int(found[1]) if found else None)
            )
            self._reason = None
        elif self._reason != "length":
            self._reason = status or None

    def _say(self, message: dict[str, Any]) -> None:
        self._said = text(message.get("content"))
        if self._said:
            self._entries.append(Entry(kind="text", text=self._said))
        for call in mappings(message.get("tool_calls")):
            function = mapping(call.get("function"))
            asked = text(function.get("arguments"))
            self._calls[text(call.get("id"))] = len(self._entries)
            self._entries.append(Entry(kind="tool", name=text(function.get("name")) or None, text=asked))

    def _hear(self, extra: dict[str, Any]) -> None:
        response = mapping(extra.get("response"))
        usage = mapping(response.get("usage"))
        self._prompt = total(self._prompt, usage.get("prompt_tokens"))
        self._completion = total(self._completion, usage.get("completion_tokens"))
        for choice in mappings(response.get("choices")):
            self._reason = text(choice.get("finish_reason")) or None

    def transcript(self) -> Transcript:
        return Transcript(
            final_text=self._final,
            finish_reason=self._reason,
            prompt_tokens=self._prompt,
            completion_tokens=self._completion,
            entries=tuple(self._entries),
        )


def _yaml(config: dict[str, Any]) -> str:
    """JSON that is YAML too: pure ASCII, and no surrogate pairs."""
    return _BEYOND_ASCII.sub(lambda found: f"\\U{ord(found[0]):08x}", json.dumps(config, ensure_ascii=False))
