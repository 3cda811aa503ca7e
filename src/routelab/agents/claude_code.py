"""The Claude Code command line."""

import shlex
from typing import Any

from msgspec import structs

from routelab.agents.events import amount, count, json_lines, mapping, mappings, shown, text, total
from routelab.agents.program import Door, Entry, EntryKind, Transcript
from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch

_QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_TELEMETRY": "1",
}
_RETRIES = "2"
_REASONS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls"}


class ClaudeCodeProgram:
    """Claude Code against the messages API."""

    name = "claude-code"
    version = "2.1.197"

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One headless run; its small and fast model is the candidate too."""
        model = task.candidate.model
        command = ["claude", "-p", "--output-format", "stream-json", "--verbose", "--dangerously-skip-permissions"]
        command += ["--no-session-persistence", "--model", model]
        effort = {}
        if task.candidate.variant is not None:
            command += ["--effort", task.candidate.variant]
        else:  # it would ask for high of a model that it does not know
            effort = {"CLAUDE_CODE_EFFORT_LEVEL": "auto"}
        return Launch(
            command=shlex.join(command),
            env={
                **_QUIET,
                **effort,
                "ANTHROPIC_BASE_URL": door.url,
                "ANTHROPIC_API_KEY": door.token,
                "ANTHROPIC_DEFAULT_HAIKU_MODEL": model,
                "CLAUDE_CODE_MAX_RETRIES": _RETRIES,
                "CLAUDE_CODE_SUBAGENT_MODEL": model,
            },
            stdin=task.prompt.encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its events; tokens come at the end only, and the cost is its own estimate, whatever the model."""
        reading = _Reading()
        for event in json_lines(stdout):
            kind = event.get("type")
            if kind in {"assistant", "user"}:
                reading.hear(event)
            elif kind == "system" and event.get("subtype") == "api_retry":
                reading.fail(event.get("error"), event.get("error_status"))
            elif kind == "result":
                reading.end(event)
        return reading.transcript()


class _Reading:
    """What the events told so far."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._calls: dict[str, int] = {}
        self._truncated = False
        self._result: dict[str, Any] = {}

    def hear(self, event: dict[str, Any]) -> None:
        """A message of the model, or one that the program wrote for the user or for the model."""
        message = mapping(event.get("message"))
        if message.get("model") == "<synthetic>":  # an error in the model's place; the result tells it again
            self._truncated = event.get("error") == "max_output_tokens"
            return
        said: EntryKind = "text" if event.get("type") == "assistant" else "step"
        for block in mappings(message.get("content")):
            kind = block.get("type")
            if kind == "text":
                self._entries.append(Entry(kind=said, text=text(block.get("text"))))
            elif kind == "thinking":
                self._entries.append(Entry(kind="thinking", text=text(block.get("thinking"))))
            elif kind == "tool_use":
                self._use_tool(block)
            elif kind == "tool_result":
                self._take_result(block)

    def _use_tool(self, block: dict[str, Any]) -> None:
        asked = block.get("input")
        command = text(mapping(asked).get("command")) or shown(asked)
        self._calls[text(block.get("id"))] = len(self._entries)
        self._entries.append(Entry(kind="tool", name=text(block.get("name")) or None, text=command))

    def _take_result(self, block: dict[str, Any]) -> None:
        place = self._calls.get(text(block.get("tool_use_id")))
        if place is not None:
            self._entries[place] = structs.replace(self._entries[place], result=shown(block.get("content")))

    def fail(self, told: object, status: object) -> None:
        """An error, after which it may go on."""
        self._entries.append(Entry(kind="error", text=shown(told), status=count(status)))

    def end(self, result: dict[str, Any]) -> None:
        """The last event; `subtype` says success also where it failed."""
        self._result = result
        if result.get("is_error"):
            self.fail(result.get("result"), result.get("api_error_status"))

    def transcript(self) -> Transcript:
        usages = [mapping(usage) for usage in mapping(self._result.get("modelUsage")).values()]
        prompt_kinds = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens")
        return Transcript(
            final_text="" if self._result.get("is_error") else text(self._result.get("result")),
            finish_reason=self._finish_reason(),
            prompt_tokens=total(*(usage.get(kind) for usage in usages for kind in prompt_kinds)),
            completion_tokens=total(*(usage.get("outputTokens") for usage in usages)),
            cost_usd=amount(self._result.get("total_cost_usd")) if usages else None,
            entries=tuple(self._entries),
        )

    def _finish_reason(self) -> str | None:
        reason = text(self._result.get("stop_reason"))
        if not self._result.get("is_error"):
            return _REASONS.get(reason, reason) or None
        if self._truncated:
            return "length"
        return reason if reason == "refusal" else None
