"""The programs that turn a model into an agent. A new agent is one new file."""

from routelab.agents.direct import DirectAgent
from routelab.agents.protocol import Agent, AgentResult, AgentTask
from routelab.agents.uniform import EMPTY_RETRIES, FINAL_ANSWER_SUFFIX, run_uniformly

__all__ = [
    "EMPTY_RETRIES",
    "FINAL_ANSWER_SUFFIX",
    "Agent",
    "AgentResult",
    "AgentTask",
    "DirectAgent",
    "run_uniformly",
]
