"""The stub agent: a small program in our own images, quick and deterministic, for tests and overhead figures."""

from routelab.agents.opencode_events import parse_opencode_events
from routelab.agents.program import Door, Transcript
from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch


class StubProgram:
    """Chat completions with one tool, printed as flat kilo events.

    `misbehave` makes it do what a sandbox must survive (`hang`, `detach`, `flood`, `hog`, `steal`);
    None: it behaves.
    """

    name = "stub"
    version = "1"

    def __init__(self, *, misbehave: str | None = None) -> None:
        self._misbehave = misbehave

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One run; it sends no variant, the proxy does."""
        return Launch(
            command="stub",
            env={
                "ROUTELAB_STUB_URL": door.url,
                "ROUTELAB_STUB_KEY": door.token,
                "ROUTELAB_STUB_MODEL": task.candidate.model,
                **({} if self._misbehave is None else {"ROUTELAB_STUB_MISBEHAVE": self._misbehave}),
            },
            stdin=task.prompt.encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its events."""
        return parse_opencode_events(stdout)
