"""The live table as it is sent: encoded once, with the tag that spares sending it again."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from routelab.records import RoutingTable


class TableDocument(Struct, frozen=True):
    """A table as JSON, and its entity tag in quotes as the header wants it (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str

    def is_known(self, if_none_match: str | None) -> bool:
        """Whether an `If-None-Match` header names this document, so that 304 is the answer."""
        if if_none_match is None:
            return False
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return self.etag in tags or "*" in tags


def document_of(table: RoutingTable) -> TableDocument:
    """The table with all that its content hash leaves out."""
    body = msgspec.json.encode(table)
    return TableDocument(body, f'"{sha256(body).hexdigest()[:32]}"')
