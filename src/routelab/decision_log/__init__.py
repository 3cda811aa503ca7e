"""What a decision log holds, and reading it back: for the shim's page, `routelab shadow report` and notebooks."""

from routelab.decision_log.reader import read_decisions, read_shadows, scan
from routelab.decision_log.rows import LoggedDecision, LoggedShadow

__all__ = ["LoggedDecision", "LoggedShadow", "read_decisions", "read_shadows", "scan"]
