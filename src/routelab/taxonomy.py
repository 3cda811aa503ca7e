"""The taxonomy: which kinds of work there are. It is data; this file gives it a shape."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from routelab.errors import DatasetError
from routelab.records import GRADED_FIELDS

Name = Annotated[str, Meta(pattern=r"^[a-z0-9_]+$")]
AXES = ("context_complexity", "reasoning_complexity", "risk_level", "execution_mode")


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """One value of an axis."""

    id: Name
    description: str


class Axis(Struct, frozen=True, forbid_unknown_fields=True):
    """A further axis beside the route."""

    id: Name
    description: str
    values: Annotated[list[Value], Meta(min_length=2)]


class Flag(Struct, frozen=True, forbid_unknown_fields=True):
    """A yes-or-no axis."""

    id: Name
    description: str


class SubtaskType(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of work within a task type; `keywords` feed the heuristic fallback."""

    id: Name
    description: str
    use_when: list[str]
    avoid_when: list[str]
    examples: list[str]
    keywords: list[str]


class TaskType(Struct, frozen=True, forbid_unknown_fields=True):
    """A family of work."""

    id: Name
    description: str
    use_when: list[str]
    avoid_when: list[str]
    subtask_types: Annotated[list[SubtaskType], Meta(min_length=1)]


class Taxonomy(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All kinds of work with their descriptions, tie-breaking rules and the fallback answer."""

    version: str
    name: str
    description: str
    task_types: Annotated[list[TaskType], Meta(min_length=1)]
    axes: list[Axis]
    flags: list[Flag]
    tie_breaking: list[str]
    fallback: dict[str, Any]

    def __post_init__(self) -> None:
        if [axis.id for axis in self.axes] != list(AXES):
            raise ValueError(f"axes must be {', '.join(AXES)}, in this order")
        if [flag.id for flag in self.flags] != ["requires_tools"]:
            raise ValueError("flags must be requires_tools alone")
        for place, ids in self._ids():
            for repeated in sorted(name for name, times in Counter(ids).items() if times > 1):
                raise ValueError(f"{place}: id {repeated!r} stands twice")
        if unknown := sorted(self.fallback.keys() - set(GRADED_FIELDS)):
            raise ValueError(f"fallback has unknown fields: {', '.join(unknown)}")
        wrong = self.misfits(self.fallback)
        if wrong:
            raise ValueError(f"fallback is no valid classification: {', '.join(wrong)}")

    def _ids(self) -> Iterator[tuple[str, list[str]]]:
        yield "task_types", [task.id for task in self.task_types]
        for task in self.task_types:
            yield f"subtask_types of {task.id}", [sub.id for sub in task.subtask_types]
        for axis in self.axes:
            yield f"values of {axis.id}", [value.id for value in axis.values]

    @cached_property
    def routes(self) -> tuple[str, ...]:
        """Every `task_type/subtask_type`, in the order of the file."""
        return tuple(f"{task}/{sub}" for task, subs in self.subtasks.items() for sub in subs)

    @cached_property
    def subtasks(self) -> dict[str, tuple[str, ...]]:
        """Subtask ids by task type."""
        return {task.id: tuple(sub.id for sub in task.subtask_types) for task in self.task_types}

    @cached_property
    def vocabulary(self) -> dict[str, frozenset[str]]:
        """Allowed values by axis id."""
        return {axis.id: frozenset(value.id for value in axis.values) for axis in self.axes}

    def misfits(self, classification: dict[str, Any]) -> list[str]:
        """The graded fields whose value is missing or outside this taxonomy, in contract order."""
        wrong = []
        task = classification.get("task_type")
        subtasks = self.subtasks.get(task, ()) if isinstance(task, str) else ()
        if not subtasks:
            wrong.append("task_type")
        if classification.get("subtask_type") not in subtasks:
            wrong.append("subtask_type")
        for axis, allowed in self.vocabulary.items():
            value = classification.get(axis)
            if not isinstance(value, str) or value not in allowed:
                wrong.append(axis)
        if not isinstance(classification.get("requires_tools"), bool):
            wrong.append("requires_tools")
        return wrong


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    Raises DatasetError that names the file and what is wrong with it.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Taxonomy)
    except OSError as error:
        raise DatasetError(f"cannot read the taxonomy {path}: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise DatasetError(f"{path}: {error}") from error
