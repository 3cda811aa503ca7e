"""Where agents and checks run commands. A new kind of sandbox is one new file."""

from routelab.sandbox.process import ProcessSandbox
from routelab.sandbox.protocol import ExecResult, Launch, ProgramResult, Sandbox

__all__ = ["ExecResult", "Launch", "ProcessSandbox", "ProgramResult", "Sandbox"]
