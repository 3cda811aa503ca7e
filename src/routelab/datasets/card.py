"""The tables of a dataset's card, counted from the data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from routelab.datasets.load import lines_of
from routelab.errors import DatasetError
from routelab.grading import commands_of
from routelab.records import GRADED_FIELDS, Classification, ClassifierCase, DeciderCase
from routelab.stats import krippendorff_alpha
from routelab.taxonomy import Taxonomy

BEGIN, END = "<!-- counted: begin -->", "<!-- counted: end -->"
_DIFFICULTIES = ("low", "medium", "high")


class DoubleLabel(Struct, frozen=True, forbid_unknown_fields=True):
    """How two readers labelled a case before they spoke; a line of `blind.jsonl`.

    `author` wrote the case, `blind` saw its text alone. What they differed in was settled
    afterwards, so the golden label may be either.
    """

    id: str
    author: Classification
    blind: Classification


def card_tables(
    cases: Sequence[ClassifierCase | DeciderCase], taxonomy: Taxonomy, labelled: Sequence[DoubleLabel] = ()
) -> str:
    """The card's tables as Markdown: cases by route and kind, or labels and their agreement."""
    tasks = [case for case in cases if isinstance(case, DeciderCase)]
    requests = [case for case in cases if isinstance(case, ClassifierCase)]
    blocks = [_tasks_table(tasks, taxonomy)] if tasks else [_labels_table(requests), _shapes_table(requests)]
    if labelled:
        blocks.append(_agreement_table(labelled))
    return "\n\n".join(blocks)


def read_double_labels(folder: Path) -> list[DoubleLabel]:
    """The double labels of a dataset; empty when it has none. DatasetError names the faulty line."""
    path = folder / "blind.jsonl"
    if not path.exists():
        return []
    labels = []
    for number, line in lines_of(path):
        try:
            labels.append(msgspec.json.decode(line, type=DoubleLabel))
        except (msgspec.MsgspecError, ValueError) as error:
            raise DatasetError(f"{path}:{number}: {error}") from error
    return labels


def with_tables(card: str, tables: str) -> str:
    """The card's text with the counted part between its two marks replaced; DatasetError without them."""
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise DatasetError(f"the card has no place for its tables: put the lines {BEGIN} and {END} into it")
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def _tasks_table(cases: Sequence[DeciderCase], taxonomy: Taxonomy) -> str:
    rows = []
    for route in (*taxonomy.routes, None):
        own = [case for case in cases if route in (case.route, None)]
        difficulties = Counter(str(case.difficulty) for case in own)
        rows.append(
            (
                route or "all",
                len(own),
                *(difficulties[name] for name in _DIFFICULTIES),
                sum(case.workspace is not None for case in own),
                sum(any(commands_of(case.check)) for case in own),
                sum(case.proof.kind == "code" for case in own),
                sum(len(case.distractors) for case in own),
            )
        )
    names = ("route", "cases", *_DIFFICULTIES, "workspace", "checked by a command", "proved by code", "distractors")
    return _markdown(names, rows)


def _labels_table(cases: Sequence[ClassifierCase]) -> str:
    rows = []
    for field in GRADED_FIELDS[2:]:
        counts = Counter(str(getattr(case.expected, field)).lower() for case in cases)
        rows.append((field, ", ".join(f"{value} {count}" for value, count in counts.most_common())))
    return _markdown(("field", "labels"), rows)


def _shapes_table(cases: Sequence[ClassifierCase]) -> str:
    kinds = Counter(case.input.api_kind for case in cases)
    tags = Counter(tag for case in cases for tag in case.tags)
    latest = sum(case.input.latest_user_prompt_prefix is not None for case in cases)
    return _markdown(
        ("what", "requests"),
        [
            ("all", len(cases)),
            *((f"api kind {kind}", count) for kind, count in kinds.most_common()),
            ("with a latest prompt", latest),
            ("with tools", sum(case.input.has_tools for case in cases)),
            ("with a system prompt", sum(case.input.system_prompt_prefix is not None for case in cases)),
            *((f"tagged {tag}", count) for tag, count in tags.most_common()),
        ],
    )


def _agreement_table(labelled: Sequence[DoubleLabel]) -> str:
    rows = []
    for field in GRADED_FIELDS:
        units = [(getattr(item.author, field), getattr(item.blind, field)) for item in labelled]
        alpha = krippendorff_alpha(units)
        agreed = sum(one == other for one, other in units)
        rows.append((field, len(units), agreed, "-" if alpha is None else f"{alpha:.3f}"))
    return _markdown(("field", "labelled twice", "agreed", "Krippendorff's alpha"), rows)


def _markdown(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(_lines(names, rows))


def _lines(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"
