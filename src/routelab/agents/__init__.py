"""The programs that turn a model into an agent. A new agent is one new file and a line here."""

from routelab.agents.claude_code import ClaudeCodeProgram
from routelab.agents.codex import CodexProgram
from routelab.agents.contained import ContainedAgent
from routelab.agents.direct import DirectAgent
from routelab.agents.kilo import KiloProgram
from routelab.agents.mini_swe_agent import MiniSweAgentProgram
from routelab.agents.opencode import OpencodeProgram
from routelab.agents.program import Door, Entry, Program, Transcript
from routelab.agents.protocol import Agent, AgentResult, AgentTask
from routelab.agents.stub import StubProgram
from routelab.agents.uniform import EMPTY_RETRIES, FINAL_ANSWER_SUFFIX, run_uniformly

_PROGRAMS: tuple[Program, ...] = (
    KiloProgram(),
    CodexProgram(),
    OpencodeProgram(),
    ClaudeCodeProgram(),
    MiniSweAgentProgram(),
    StubProgram(),
)
PROGRAMS = {program.name: program for program in _PROGRAMS}
"""The command-line agents by name."""

__all__ = [
    "EMPTY_RETRIES",
    "FINAL_ANSWER_SUFFIX",
    "PROGRAMS",
    "Agent",
    "AgentResult",
    "AgentTask",
    "ContainedAgent",
    "DirectAgent",
    "Door",
    "Entry",
    "Program",
    "Transcript",
    "run_uniformly",
]
