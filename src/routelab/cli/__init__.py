"""The command line. Heavy imports stay inside the commands, so that `--help` is quick."""

from routelab.cli.main import main

__all__ = ["main"]
