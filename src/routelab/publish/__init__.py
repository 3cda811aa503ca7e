"""The one writer of routing tables and of the classifier winner."""

from routelab.publish.gate import check_runs, check_table, check_winner, table_rules
from routelab.publish.publish import (
    build_from_runs,
    publish_classifier,
    publish_decider,
    publish_run,
    publish_table,
)

__all__ = [
    "build_from_runs",
    "check_runs",
    "check_table",
    "check_winner",
    "publish_classifier",
    "publish_decider",
    "publish_run",
    "publish_table",
    "table_rules",
]
