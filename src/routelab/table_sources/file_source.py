"""A table from a file, as `routelab table show --json` writes it."""

from pathlib import Path

from routelab.records import RoutingTable
from routelab.table import load_published
from routelab.table_sources.source import MAX_TABLE_BYTES, Published, SourceFailed, SourceKind


class FileSource:
    """One table in a JSON file, with the classifier beside it that was published. It knows no history."""

    kind: SourceKind = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Published:
        """The table in the file, and the classifier."""
        if self._path.is_fifo():  # opening it would wait for its writer without end, and for no other file then
            raise SourceFailed(f"the table file {self._path} is a pipe")
        try:
            with self._path.open("rb") as file:
                document = file.read(MAX_TABLE_BYTES + 1)
        except OSError as error:
            raise SourceFailed(f"cannot read the table file {self._path}: {error.strerror}") from error
        if len(document) > MAX_TABLE_BYTES:
            raise SourceFailed(f"the table file {self._path} is larger than {MAX_TABLE_BYTES} bytes")
        return Published(*load_published(document, origin=f"the table file {self._path}"))

    def history(self) -> None:
        """A file does not know what it held before."""
        return

    def version(self, version: str) -> RoutingTable | None:
        """The table in the file, when it is this version."""
        table = self.read().table
        return table if table is not None and table.version == version else None

    def stamp(self) -> tuple[int, ...]:
        """When and as what the file was last written; empty while there is none."""
        try:
            known = self._path.stat()
        except OSError:
            return ()
        return known.st_mtime_ns, known.st_size, known.st_ino
