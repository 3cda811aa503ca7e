"""The events that kilo, opencode and the stub print, understood."""

from typing import Any, TypeVar

from routelab.agents.events import amount, count, json_lines, mapping, shown, text, total
from routelab.agents.program import Entry, Transcript

_Number = TypeVar("_Number", int, float)


def parse_opencode_events(stdout: str) -> Transcript:
    """The transcript of an event stream.

    An event carries its fields itself or in a `part`, and its type is written `step_finish` or
    `step-finish`. Only the text after the last tool call counts as final. A step that tells no
    tokens had no usage reported, which the programs print as zeros: what the whole stream used is
    then unknown.
    """
    reading = _Reading()
    for event in json_lines(stdout):
        part = mapping(event.get("part")) or event
        kind = (text(event.get("type")) or text(part.get("type"))).replace("-", "_")
        if kind == "step_start":
            reading.start_step()
        elif kind == "step_finish":
            reading.finish_step(part)
        elif kind == "text":
            reading.say(text(part.get("text")))
        elif kind == "reasoning":
            reading.entries.append(Entry(kind="thinking", text=text(part.get("text"))))
        elif kind in {"tool_use", "tool"}:
            reading.use_tool(part)
        elif kind == "error":
            reading.entries.append(_error(event.get("error", part)))
    return reading.transcript()


class _Reading:
    """What the events told so far; the last step's words apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._said: list[str] = []
        self._reason: str | None = None
        self._prompt: list[int | None] = []
        self._completion: list[int | None] = []
        self._costs: list[float | None] = []

    def start_step(self) -> None:
        self._said = []
        self._reason = None

    def say(self, words: str) -> None:
        self._said.append(words)
        self.entries.append(Entry(kind="text", text=words))

    def use_tool(self, part: dict[str, Any]) -> None:
        self._said = []
        state = mapping(part.get("state"))
        asked = mapping(state.get("input"))
        result = state.get("output", state.get("error"))
        self.entries.append(
            Entry(
                kind="tool",
                text=text(asked.get("command")) or shown(state.get("input")),
                name=text(part.get("tool")) or None,
                result=None if result is None else shown(result),
            )
        )

    def finish_step(self, part: dict[str, Any]) -> None:
        self._reason = text(part.get("reason")).replace("-", "_") or None
        tokens = mapping(part.get("tokens"))
        cache = mapping(tokens.get("cache"))
        prompt = total(tokens.get("input"), cache.get("read"), cache.get("write"))
        completion = total(tokens.get("output"), tokens.get("reasoning"))
        told = bool(prompt or completion)
        self._prompt.append(prompt if told else None)
        self._completion.append(completion if told else None)
        self._costs.append(amount(part.get("cost")) if told else None)
        self.entries.append(Entry(kind="step", text=self._reason or ""))

    def transcript(self) -> Transcript:
        return Transcript(
            final_text="\n".join(self._said),
            finish_reason=self._reason,
            prompt_tokens=_sum(self._prompt),
            completion_tokens=_sum(self._completion),
            cost_usd=_sum(self._costs),
            entries=tuple(self.entries),
        )


def _sum(parts: list[_Number | None]) -> _Number | None:
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def _error(error: object) -> Entry:
    """An error is a plain sentence or an object whose data name the HTTP status."""
    fields = mapping(error)
    data = mapping(fields.get("data"))
    told = text(data.get("message")) or text(fields.get("message")) or text(fields.get("name"))
    status = count(data.get("statusCode", fields.get("statusCode")))
    return Entry(kind="error", text=told or shown(error), status=status)
