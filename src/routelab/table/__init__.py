"""Routing tables: building, writing and reading them, and what they must be to serve."""

from routelab.table.build import build_table
from routelab.table.document import (
    PublishedTable,
    as_table,
    dump_table,
    load_published,
    load_table,
    sealed,
    verify_table,
    with_winner,
)
from routelab.table.rules import Refusal, TableProblem, TableRules

__all__ = [
    "PublishedTable",
    "Refusal",
    "TableProblem",
    "TableRules",
    "as_table",
    "build_table",
    "dump_table",
    "load_published",
    "load_table",
    "sealed",
    "verify_table",
    "with_winner",
]
