"""Between records and rows: a candidate is one column, its written form."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import RowMapping

from routelab.records import Candidate

R = TypeVar("R", bound=msgspec.Struct)


def to_row(record: msgspec.Struct) -> dict[str, Any]:
    """The record's fields as column values."""
    row = msgspec.structs.asdict(record)
    if isinstance(row.get("candidate"), Candidate):
        row["candidate"] = str(row["candidate"])
    return row


def from_row(row: RowMapping | Mapping[str, Any], kind: type[R]) -> R:
    """The record a row holds; columns the record does not have are left out."""
    fields = {name: row[name] for name in kind.__struct_fields__}
    if isinstance(fields.get("candidate"), str):
        fields["candidate"] = Candidate.parse(fields["candidate"])
    return kind(**fields)
