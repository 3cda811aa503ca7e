"""What a command-line agent must offer: how it is started, and what its events mean."""

from typing import Literal, Protocol

from msgspec import Struct

from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch

EntryKind = Literal["text", "thinking", "tool", "error", "step"]


class Door(Struct, frozen=True):
    """Where the agent finds its model: the base address without a path, and the attempt's token."""

    url: str
    token: str


class Entry(Struct, frozen=True, kw_only=True):
    """One thing an agent did, for a reader.

    `text` is what it said, what it asked of a tool, or the error; `name` the tool's name, `result`
    what the tool gave back. `status` is the HTTP status an error came with (None: it names none).
    """

    kind: EntryKind
    text: str = ""
    name: str | None = None
    result: str | None = None
    status: int | None = None


class Transcript(Struct, frozen=True, kw_only=True):
    """An event stream, understood.

    `finish_reason` is the last step's in the words of the OpenAI API (`stop`, `length`,
    `tool_calls`, `content_filter`, or the agent's own word); None: the stream has none. Tokens and
    `cost_usd` are the agent's own figures; None: it gives none.
    """

    final_text: str = ""
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def errors(self) -> tuple[Entry, ...]:
        """What the agent reported as errors."""
        return tuple(entry for entry in self.entries if entry.kind == "error")


class Program(Protocol):
    """One command-line agent. `name` is also its image's folder; `version` is pinned in the image."""

    name: str
    version: str

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """How a task is started; the prompt goes in through standard input where the agent allows it."""

    def parse(self, stdout: str) -> Transcript:
        """What the agent's standard output says; lines it cannot read are skipped."""
