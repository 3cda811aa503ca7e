"""Golden cases and the mechanical checks that grade them."""

import math
import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from routelab.records.requests import Classification, NormalisedRequest

Text = Annotated[str, Meta(min_length=1)]
CaseId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$", max_length=120)]
RegexFlags = Annotated[str, Meta(pattern=r"^[ims]*$")]
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_MAX_JSON_DEPTH = 100


class Exact(Struct, frozen=True, tag_field="kind", tag="exact", forbid_unknown_fields=True):
    """The whole message, or its last non-empty line, equals `value` (case ignored)."""

    value: Text

    def __post_init__(self) -> None:
        _require_visible(self.value, "value")


class ContainsAll(Struct, frozen=True, tag_field="kind", tag="contains_all", forbid_unknown_fields=True):
    """Every one of `values` occurs in the message (case ignored)."""

    values: Annotated[list[Text], Meta(min_length=1)]

    def __post_init__(self) -> None:
        for value in self.values:
            _require_visible(value, "values")


class Regex(Struct, frozen=True, tag_field="kind", tag="regex", forbid_unknown_fields=True):
    """`pattern` is found in the message as it came; `flags` from i, m and s."""

    pattern: Text
    flags: RegexFlags = ""

    def __post_init__(self) -> None:
        self.compiled()

    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern; raises ValueError when it does not compile."""
        flags = re.NOFLAG
        for letter in self.flags:
            flags |= _FLAGS.get(letter, re.NOFLAG)
        try:
            return re.compile(self.pattern, flags)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"pattern does not compile: {error}") from error


class JsonEqual(Struct, frozen=True, tag_field="kind", tag="json_equal", forbid_unknown_fields=True):
    """The first JSON object or array in the message equals `value`."""

    value: Any

    def __post_init__(self) -> None:
        _require_json(self.value)


class CommandCheck(Struct, frozen=True, tag_field="kind", tag="command", forbid_unknown_fields=True):
    """After the agent ended, `hidden` is laid into the workspace and `command` must exit 0.

    `hidden` is a folder beside the dataset's cases, or None.
    """

    command: Text
    hidden: str | None = None

    def __post_init__(self) -> None:
        if self.hidden is not None:
            _require_relative(self.hidden, "hidden")


class FilesCheck(Struct, frozen=True, tag_field="kind", tag="files", forbid_unknown_fields=True):
    """Each path of the workspace holds the expected text (outer white space apart).

    None as the expected text means that the file must not exist.
    """

    files: Annotated[dict[Text, str | None], Meta(min_length=1)]

    def __post_init__(self) -> None:
        for path in self.files:
            _require_relative(path, "files")


class AllOf(Struct, frozen=True, tag_field="kind", tag="all_of", forbid_unknown_fields=True):
    """Every one of `checks` passes."""

    checks: Annotated[list["Check"], Meta(min_length=1)]


Check: TypeAlias = Exact | ContainsAll | Regex | JsonEqual | CommandCheck | FilesCheck | AllOf


class Solution(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent could hand in: a final message, shell commands, a patch (`patch -p1`), or several."""

    answer: Text | None = None
    commands: Text | None = None
    patch: Text | None = None

    def __post_init__(self) -> None:
        if self.answer is None and self.commands is None and self.patch is None:
            raise ValueError("needs an answer, commands or a patch")


class Proof(Struct, frozen=True, forbid_unknown_fields=True):
    """How the golden answer was verified: `code` prints it, or the check is run on the solution."""

    kind: Literal["code", "check"]
    code: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind == "code") != (self.code is not None):
            raise ValueError("code belongs to the kind 'code', and only there")


class DeciderCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One golden task. Paths are relative to the folder of `cases.jsonl`; `timeout_s` in seconds."""

    id: CaseId
    route: Annotated[str, Meta(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]
    difficulty: Literal["low", "medium", "high"]
    system_prompt: str | None
    user_prompt: Text
    workspace: str | None
    setup: str | None = None
    check: Check
    solution: Solution
    distractors: list[Solution]
    proof: Proof
    rationale: Text
    timeout_s: Annotated[int, Meta(gt=0, le=3600)]

    def __post_init__(self) -> None:
        for name in ("workspace", "setup"):
            path = getattr(self, name)
            if path is not None:
                _require_relative(path, name)
        if self.workspace is None and self.setup is not None:
            raise ValueError("setup needs a workspace")


class ClassifierCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One golden request with the seven fields a classifier must find.

    `tags` name what makes the request hard, for quotas and for looking at subsets.
    """

    id: CaseId
    input: NormalisedRequest
    expected: Classification
    rationale: Text
    tags: list[Annotated[str, Meta(pattern=r"^[a-z_]+$")]] = []


def _require_relative(path: str, field: str) -> None:
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts:
        raise ValueError(f"{field} must be a relative path without '..', not {path!r}")


def _require_visible(value: str, field: str) -> None:
    if not value.strip():
        raise ValueError(f"{field} holds nothing but white space")


def _require_json(value: Any, depth: int = 0) -> None:
    if depth > _MAX_JSON_DEPTH:
        raise ValueError(f"value is nested deeper than {_MAX_JSON_DEPTH} levels")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("value holds a number that is not finite")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _require_json(item, depth + 1)
