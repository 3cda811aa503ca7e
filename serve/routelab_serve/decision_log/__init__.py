"""Writing the decision log: what was decided and why. `routelab.decision_log` reads it."""

from routelab_serve.decision_log.log import DecisionLog, LogCounts
from routelab_serve.decision_log.retention import Retention
from routelab_serve.decision_log.sqlite_writer import SqliteWriter
from routelab_serve.decision_log.writer import LogUnavailable, LogWriter

__all__ = [
    "DecisionLog",
    "LogCounts",
    "LogUnavailable",
    "LogWriter",
    "Retention",
    "SqliteWriter",
]
