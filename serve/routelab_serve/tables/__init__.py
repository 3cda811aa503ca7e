"""The live routing table: what may be served, and the last good one."""

from routelab_serve.tables.document import TableDocument, document_of
from routelab_serve.tables.live import Live, LiveTable, ReloadReport

__all__ = ["Live", "LiveTable", "ReloadReport", "TableDocument", "document_of"]
