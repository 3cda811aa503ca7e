"""Routing tables from elsewhere than the store: a file, or another shim. Every read is bounded."""

from routelab.table_sources.configured import configured_source
from routelab.table_sources.file_source import FileSource
from routelab.table_sources.http_source import HttpSource
from routelab.table_sources.source import Published, SourceFailed, SourceKind, TableSource

__all__ = [
    "FileSource",
    "HttpSource",
    "Published",
    "SourceFailed",
    "SourceKind",
    "TableSource",
    "configured_source",
]
