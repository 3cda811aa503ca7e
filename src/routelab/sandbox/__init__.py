"""Where agents and checks run commands. A new kind of sandbox is one new file."""

from routelab.sandbox.process import ProcessSandbox
from routelab.sandbox.protocol import ExecResult, Sandbox

__all__ = ["ExecResult", "ProcessSandbox", "Sandbox"]
