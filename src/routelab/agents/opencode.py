"""The opencode command line."""

import json
import shlex

from msgspec import structs

from routelab.agents.opencode_events import parse_opencode_events
from routelab.agents.program import Door, Transcript
from routelab.agents.protocol import AgentTask
from routelab.records import Candidate
from routelab.sandbox import Launch

_PROVIDER = "routelab"
_TOKEN = "ROUTELAB_TOKEN"  # noqa: S105 - the variable's name
_QUIET = {
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "OPENCODE_DISABLE_SHARE": "1",
    "OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER": "1",
}


class OpencodeProgram:
    """Opencode against a provider of our own that speaks chat completions.

    It tries again five times at 429 and 5xx, over about a minute, and after an answer that was cut
    it asks again without end, several times a second; no setting changes that. A title of our own
    spares the call that would ask the model for one.
    """

    name = "opencode"
    version = "1.18.33"

    def launch(self, task: AgentTask, door: Door) -> Launch:
        """One headless run, configured through the environment alone."""
        candidate = task.candidate
        model = f"{_PROVIDER}/{candidate.model}"
        command = ["opencode", "run", "--format", "json", "--auto", "--title", "task", "--model", model]
        if candidate.variant is not None:
            command += ["--variant", candidate.variant]
        return Launch(
            command=shlex.join(command),
            env={**_QUIET, "OPENCODE_CONFIG_CONTENT": _config(candidate, door), _TOKEN: door.token},
            stdin=task.prompt.encode(),
            timeout_s=task.timeout_s,
        )

    def parse(self, stdout: str) -> Transcript:
        """Its events; the cost is unknown, since opencode would take it from prices we do not give."""
        return structs.replace(parse_opencode_events(stdout), cost_usd=None)


def _config(candidate: Candidate, door: Door) -> str:
    variants = {} if candidate.variant is None else {candidate.variant: {"reasoningEffort": candidate.variant}}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "options": {"baseURL": f"{door.url}/v1", "apiKey": f"{{env:{_TOKEN}}}"},
        "models": {candidate.model: {"tool_call": True, "variants": variants}},
    }
    return json.dumps(
        {
            "enabled_providers": [_PROVIDER],
            "provider": {_PROVIDER: provider},
            "small_model": f"{_PROVIDER}/{candidate.model}",
        }
    )
