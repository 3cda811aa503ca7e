"""The live routing table: where it comes from, what may be served, and the last good one."""

from routelab_serve.tables.check import ServingRules, TableProblem
from routelab_serve.tables.document import TableDocument
from routelab_serve.tables.file_source import FileSource
from routelab_serve.tables.http_source import HttpSource
from routelab_serve.tables.live import Live, LiveTable, ReloadReport
from routelab_serve.tables.source import Published, SourceFailed, TableSource
from routelab_serve.tables.store_source import StoreSource

__all__ = [
    "FileSource",
    "HttpSource",
    "Live",
    "LiveTable",
    "Published",
    "ReloadReport",
    "ServingRules",
    "SourceFailed",
    "StoreSource",
    "TableDocument",
    "TableProblem",
    "TableSource",
]
