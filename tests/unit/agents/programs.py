"""One of each program."""

from routelab.agents.claude_code import ClaudeCodeProgram
from routelab.agents.codex import CodexProgram
from routelab.agents.kilo import KiloProgram
from routelab.agents.mini_swe_agent import MiniSweAgentProgram
from routelab.agents.opencode import OpencodeProgram
from routelab.agents.program import Program
from routelab.agents.stub import StubProgram

PROGRAMS: tuple[Program, ...] = (
    KiloProgram(),
    OpencodeProgram(),
    CodexProgram(),
    ClaudeCodeProgram(),
    MiniSweAgentProgram(),
    StubProgram(),
)
