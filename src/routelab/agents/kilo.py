"""The kilo command line: the default agent."""

import shlex

from routelab.agents.opencode_events import parse_opencode_events
from routelab.agents.program import Door, Transcript
from routelab.agents.protocol import AgentTask
from routelab.sandbox import Launch

_QUIET = {
    "KILO_DISABLE_AUTOUPDATE": "1",
    "KILO_DISABLE_CODEBASE_INDEXING": "1",
    "KILO_DISABLE_LSP_DOWNLOAD": "1",
    "KILO_DISABLE_MODELS_FETCH": "1",
    "KILO_DISABLE_SESSION_INGEST": "1",
    "KILO_DISABLE_SHARE": "1",
    "KILO_EXPERIMENTAL_DISABLE_FILEWATCHER": "1",
    "KILO_TELEMETRY_LEVEL": "off",
}
_RETRIES = "2"
"""Without a limit kilo waits for ever at 429 and 5xx; it ignores 0."""


class KiloProgram:
    """Kilo against its own gateway API, which the door's address stands in for.

    Exit code 0 is no success: kilo ends so when the answer was cut, too.
    """

    name = "kilo"
    version = "7.7.7"

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One headless run; kilo ignores a variant that the model list does not define."""
        candidate = task.candidate
        command = ["kilo", "run", "--format", "json", "--auto", "--title", "task", "--model", f"kilo/{candidate.model}"]
        if candidate.variant is not None:
            command += ["--variant", candidate.variant]
        return Launch(
            command=shlex.join(command),
            env={**_QUIET, "KILO_SESSION_RETRY_LIMIT": _RETRIES, "KILO_API_URL": door.url, "KILO_API_KEY": door.token},
            stdin=task.prompt.encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its events; the cost is the upstream's where the gateway tells one, not always what was billed."""
        return parse_opencode_events(stdout)
