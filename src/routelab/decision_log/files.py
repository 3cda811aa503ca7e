"""The files of a decision log: their names, and the columns of their rows."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from routelab.decision_log.rows import SCHEMA, STREAMS, Row

Form = Literal["sqlite", "parquet", "jsonl"]
ColumnKind = Literal["text", "number", "integer", "boolean", "time", "texts"]
_NAME = re.compile(r"(decisions|shadows|log)-(\d{4}-\d\d-\d\d)\.v(\d+)(?:\.([0-9a-f]+))?\.(sqlite|parquet|jsonl)")


class LogFile(Struct, frozen=True):
    """One file: what it holds (`log`: every stream), of which day (UTC), in which form.

    `part` tells files of a day apart; None: the day's only or first one.
    """

    stream: str
    day: date
    form: Form
    part: str | None = None
    schema: int = SCHEMA

    @property
    def name(self) -> str:
        """The file's name; `parse_name` reads it again."""
        part = f".{self.part}" if self.part else ""
        return f"{self.stream}-{self.day}.v{self.schema}{part}.{self.form}"


def parse_name(name: str) -> LogFile | None:
    """What a file is by its name; None when it is no file of a decision log."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    stream, day, schema, part, form = found.groups()
    given = {"stream": stream, "day": day, "form": form, "part": part, "schema": int(schema)}
    try:
        file = msgspec.convert(given, type=LogFile)
    except msgspec.ValidationError:  # there is no such day
        return None
    return file if file.name == name else None


@cache
def columns(stream: str) -> dict[str, ColumnKind]:
    """The columns of a stream's rows, in order."""
    return {field.name: _kind(field.type) for field in msgspec.structs.fields(STREAMS[stream])}


def by_stream_and_day(rows: Iterable[Row]) -> dict[tuple[str, date], list[Row]]:
    """Rows apart as files hold them."""
    apart: dict[tuple[str, date], list[Row]] = defaultdict(list)
    streams = {row_type: stream for stream, row_type in STREAMS.items()}
    for row in rows:
        apart[streams[type(row)], row.at.astimezone(UTC).date()].append(row)
    return apart


def log_files(path: Path) -> list[tuple[LogFile, Path]]:
    """The files of a log in a folder, or the one at `path`, by day and name."""
    places = [path] if path.is_file() else sorted(path.glob("*"))
    found = [(parse_name(place.name), place) for place in places]
    return sorted(((file, place) for file, place in found if file), key=lambda pair: (pair[0].day, pair[1].name))


def _kind(annotation: Any) -> ColumnKind:
    kind = msgspec.inspect.type_info(annotation)
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(part for part in kind.types if not isinstance(part, msgspec.inspect.NoneType))
    match kind:
        case msgspec.inspect.BoolType():
            return "boolean"
        case msgspec.inspect.IntType():
            return "integer"
        case msgspec.inspect.FloatType():
            return "number"
        case msgspec.inspect.DateTimeType():
            return "time"
        case msgspec.inspect.VarTupleType():
            return "texts"
        case _:
            return "text"
