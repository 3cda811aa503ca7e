"""How a simulated model answers a request to classify."""

import random
from collections.abc import Sequence
from typing import Any

import msgspec

from routelab.classifier import heuristic
from routelab.llm.simulated.cast import Player
from routelab.llm.simulated.draws import chance_of_case, seeded
from routelab.llm.simulated.replies import Reply, truncated
from routelab.llm.simulated.spoiling import is_repaired, spoilt
from routelab.records import GRADED_FIELDS, ClassifierCase, NormalisedRequest
from routelab.taxonomy import Taxonomy

_NO_ID = "unclassified_work"


def classify_case(
    player: Player, case: ClassifierCase, taxonomy: Taxonomy, repetition: int, *, asked_again: bool
) -> Reply:
    """The model's answer to a golden request; a spoilt one may be repaired when it is asked again."""
    fields = _fields(player, case, taxonomy, repetition)
    fault = spoilt(player, case.id, repetition)
    if fault is None or (asked_again and is_repaired(player, case.id, repetition)):
        return Reply(_json(fields))
    if fault == "empty":
        return Reply()
    if fault == "truncated":
        return truncated(_json(fields))
    if seeded(player.candidate, case.id, "malformed", repetition).random() < 0.5:
        return Reply(f"This is how I would sort the request:\n{_json(fields)}\nTell me if you need more.")
    return Reply(_json({**fields, "subtask_type": _NO_ID}))


def classify_other(request: NormalisedRequest, taxonomy: Taxonomy) -> Reply:
    """A valid answer to a request that is no golden case: what the keywords suggest."""
    found = heuristic(request, taxonomy)
    fields = {field: getattr(found, field) for field in GRADED_FIELDS}
    return Reply(_json({**fields, "confidence": found.confidence}))


def _fields(player: Player, case: ClassifierCase, taxonomy: Taxonomy, repetition: int) -> dict[str, Any]:
    rng = seeded(player.candidate, case.id, "fields", repetition)
    right = {field for field in GRADED_FIELDS if _is_right(player, case, field, rng)}
    expected = case.expected
    task = expected.task_type
    if "task_type" not in right:
        task = _another(task, tuple(taxonomy.subtasks), rng)
    subtasks = taxonomy.subtasks[task]
    if task != expected.task_type:
        subtask = rng.choice(subtasks)
    elif "subtask_type" not in right:
        subtask = _another(expected.subtask_type, subtasks, rng)
    else:
        subtask = expected.subtask_type
    fields: dict[str, Any] = {"task_type": task, "subtask_type": subtask}
    for axis, vocabulary in taxonomy.vocabulary.items():
        value = getattr(expected, axis)
        fields[axis] = value if axis in right else _another(value, sorted(vocabulary), rng)
    fields["requires_tools"] = expected.requires_tools == ("requires_tools" in right)
    fields["confidence"] = round(rng.uniform(0.5, 0.99), 2)
    return fields


def _is_right(player: Player, case: ClassifierCase, field: str, rng: random.Random) -> bool:
    chance = chance_of_case(
        player.classifier_skill, player.concentration, seeded(player.candidate, case.id, "chance", field)
    )
    return rng.random() < chance


def _another(value: str, values: Sequence[str], rng: random.Random) -> str:
    others = [other for other in values if other != value]
    return rng.choice(others) if others else value


def _json(fields: dict[str, Any]) -> str:
    return msgspec.json.encode(fields).decode()
