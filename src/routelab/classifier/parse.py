"""Strict reading of a classifier's answer."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct

from routelab.records import GRADED_FIELDS, Classification
from routelab.taxonomy import Taxonomy

Stage = Literal["empty", "json", "keys", "values"]
_MAX_NAMED = 12
_NAME_CHARS = 40
_KEYS = frozenset({*GRADED_FIELDS, "confidence"})
_FENCED = re.compile(r"\A```[a-z]*\n(.*)\n```\Z", re.DOTALL)


class ParseFailure(Struct, frozen=True):
    """Why an answer is invalid.

    `stage`: `empty` (no text), `json` (not one JSON object), `keys` (missing, unknown or repeated
    keys) or `values` (outside the taxonomy, or of a wrong type). `fields` are the keys concerned,
    the first few of them where a model made up many.
    """

    stage: Stage
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words for the model, with keys that it made up."""
        return self._with(self.fields)

    @property
    def reason(self) -> str:
        """In words for logs and results: a key that the model made up may hold a prompt, so it is `unknown`."""
        return self._with(dict.fromkeys(name if name in _KEYS else "unknown" for name in self.fields))

    def _with(self, names: Iterable[str]) -> str:
        return f"{self.stage}: {', '.join(names)}" if self.fields else self.stage


def parse(answer: str, taxonomy: Taxonomy) -> Classification | ParseFailure:
    """The classification an answer states, or what is wrong with it.

    One JSON object, alone or as the only content of one code fence, with exact ids, a subtask type
    under its task type and no other keys. `confidence` may be left out.
    """
    text = answer.strip()
    if not text:
        return ParseFailure("empty")
    fenced = _FENCED.match(text)
    try:
        pairs = json.loads(fenced.group(1) if fenced else text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return ParseFailure("json")
    if not isinstance(pairs, _Pairs):
        return ParseFailure("json")
    return _read(pairs, taxonomy)


def _read(pairs: "_Pairs", taxonomy: Taxonomy) -> Classification | ParseFailure:
    fields = dict(pairs)
    wrong_keys = [key for key in GRADED_FIELDS if key not in fields]
    wrong_keys += sorted(fields.keys() - _KEYS)
    wrong_keys += [key for key, times in Counter(key for key, _ in pairs).items() if times > 1 and key in _KEYS]
    if wrong_keys:
        return ParseFailure("keys", tuple(key[:_NAME_CHARS] for key in wrong_keys[:_MAX_NAMED]))
    wrong = taxonomy.misfits(fields)
    if not _is_share(fields.get("confidence")):
        wrong.append("confidence")
    if wrong:
        return ParseFailure("values", tuple(wrong))
    return Classification(**fields)


def _is_share(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written, repeated keys included."""
