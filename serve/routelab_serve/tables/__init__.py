"""The live routing table: where it comes from, what may be served, and the last good one."""

from routelab_serve.tables.document import TableDocument, document_of
from routelab_serve.tables.file_source import FileSource
from routelab_serve.tables.http_source import HttpSource
from routelab_serve.tables.live import Live, LiveTable, ReloadReport
from routelab_serve.tables.source import Published, SourceFailed, TableSource

__all__ = [
    "FileSource",
    "HttpSource",
    "Live",
    "LiveTable",
    "Published",
    "ReloadReport",
    "SourceFailed",
    "TableDocument",
    "TableSource",
    "document_of",
]
