"""The stub agent, told to misbehave."""

from msgspec import structs

from routelab.agents import AgentTask, Door
from routelab.agents.stub import StubProgram
from routelab.sandbox import Launch

_DEVOUR = "python3 -c 'kept = []\nwhile True: kept.append(bytes(1 << 24))'"


class MisbehavingStub(StubProgram):
    """Behaves while `how` is None, so that it can be warmed up; `devour` uses up the memory before any answer."""

    how: str | None = None

    def launch(self, task: AgentTask, door: Door) -> Launch:
        self._misbehave = self.how
        made = super().launch(task, door)
        return structs.replace(made, command=_DEVOUR) if self.how == "devour" else made
