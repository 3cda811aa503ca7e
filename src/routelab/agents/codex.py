"""The codex command line."""

import json
import re
import shlex
from typing import Any

from routelab.agents.events import json_lines, mapping, shown, text, total
from routelab.agents.program import Door, Entry, Transcript
from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch

_PROVIDER = "routelab"
_TOKEN = "ROUTELAB_TOKEN"  # noqa: S105 - the variable's name
_RETRIES = 2
_STATUS = re.compile(r"\bstatus:? (\d{3})\b")
"""It names no status where the endpoint answered 5xx."""
_INCOMPLETE = re.compile(r"\bIncomplete response returned, reason: (\w+)")
_TOOLS = {"collab_tool_call", "file_change", "mcp_tool_call", "web_search"}
_REASONS = {"max_output_tokens": "length"}


class CodexProgram:
    """Codex against a model provider of our own that speaks the responses API.

    The container is the sandbox, so codex's own is off. Where nothing listens at the door's address
    it waits for the network until its deadline.
    """

    name = "codex"
    version = "0.169.0"

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One headless run, configured by its arguments alone; the token is in the environment."""
        settings = {
            "model_provider": _PROVIDER,
            f"model_providers.{_PROVIDER}.name": _PROVIDER,
            f"model_providers.{_PROVIDER}.base_url": f"{door.url}/v1",
            f"model_providers.{_PROVIDER}.env_key": _TOKEN,
            f"model_providers.{_PROVIDER}.wire_api": "responses",
            f"model_providers.{_PROVIDER}.request_max_retries": _RETRIES,
            f"model_providers.{_PROVIDER}.stream_max_retries": _RETRIES,
            "analytics.enabled": False,
            "check_for_update_on_startup": False,
        }
        if task.candidate.variant is not None:
            settings["model_reasoning_effort"] = task.candidate.variant
        command = ["codex", "exec", "--json", "--ephemeral", "--ignore-user-config", "--skip-git-repo-check"]
        command += ["--dangerously-bypass-approvals-and-sandbox", "--model", task.candidate.model]
        for name, value in settings.items():
            command += ["--config", f"{name}={json.dumps(value)}"]
        return Launch(
            command=shlex.join(command),
            env={_TOKEN: door.token},
            stdin=task.prompt.encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its events; codex knows no cost, and tells tokens at the end of a turn only."""
        final_text = ""
        finish_reason: str | None = None
        prompt: int | None = None
        completion: int | None = None
        entries: list[Entry] = []
        for event in json_lines(stdout):
            kind = event.get("type")
            if kind == "item.completed":
                entry = _item(mapping(event.get("item")))
                entries.append(entry)
                if entry.kind in {"text", "tool"}:
                    final_text = entry.text if entry.kind == "text" else ""
            elif kind == "turn.completed":
                usage = mapping(event.get("usage"))
                finish_reason = "stop"
                prompt = total(prompt, usage.get("input_tokens"))
                completion = total(completion, usage.get("output_tokens"))
            elif kind == "turn.failed":
                entries.append(_error(mapping(event.get("error")).get("message")))
                found = _INCOMPLETE.search(entries[-1].text)
                finish_reason = _REASONS.get(found[1], found[1]) if found else None
            elif kind == "error":
                entries.append(_error(event.get("message")))
        return Transcript(
            final_text=final_text,
            finish_reason=finish_reason,
            prompt_tokens=prompt,
            completion_tokens=completion,
            entries=tuple(entries),
        )


def _item(item: dict[str, Any]) -> Entry:
    kind = text(item.get("type"))
    if kind == "agent_message":
        return Entry(kind="text", text=text(item.get("text")))
    if kind == "reasoning":
        return Entry(kind="thinking", text=text(item.get("text")))
    if kind == "error":  # a warning: the turn goes on
        return Entry(kind="step", text=text(item.get("message")))
    if kind == "command_execution":
        return Entry(
            kind="tool", name="shell", text=text(item.get("command")), result=text(item.get("aggregated_output"))
        )
    return Entry(kind="tool" if kind in _TOOLS else "step", name=kind or None, text=shown(item))


def _error(message: object) -> Entry:
    told = shown(message)
    found = _STATUS.search(told)
    return Entry(kind="error", text=told, status=int(found[1]) if found else None)
