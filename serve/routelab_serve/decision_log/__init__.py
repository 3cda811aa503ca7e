"""The decision log: what was decided and why, for the replay and the shadow report."""

from routelab_serve.decision_log.entry import Entry, Stages
from routelab_serve.decision_log.log import DecisionLog, LogCounts
from routelab_serve.decision_log.reader import read_decisions, read_shadows
from routelab_serve.decision_log.rows import LoggedDecision, ShadowAnswer
from routelab_serve.decision_log.sqlite_writer import SqliteWriter
from routelab_serve.decision_log.writer import LogUnavailable, LogWriter

__all__ = [
    "DecisionLog",
    "Entry",
    "LogCounts",
    "LogUnavailable",
    "LogWriter",
    "LoggedDecision",
    "ShadowAnswer",
    "SqliteWriter",
    "Stages",
    "read_decisions",
    "read_shadows",
]
