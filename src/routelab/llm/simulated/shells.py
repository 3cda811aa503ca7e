"""The tool through which a simulated model runs its commands, found among those that are offered."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

_PARAMETERS = ("command", "cmd", "script")
_EMPTY: dict[str, Any] = {"string": "run a command", "array": [], "object": {}, "boolean": False}


class Shell(Struct, frozen=True):
    """A tool that runs a shell command: the function's name and the parameter for the command.

    `as_list` says that the parameter takes a program with its arguments. `further` holds values
    for the other parameters the tool insists on.
    """

    function: str
    parameter: str
    as_list: bool = False
    further: tuple[tuple[str, Any], ...] = ()

    def arguments(self, command: str) -> dict[str, Any]:
        """What the tool is called with to run the command."""
        value = ["bash", "-lc", command] if self.as_list else command
        return {self.parameter: value, **dict(self.further)}


def find_shell(tools: Sequence[Mapping[str, Any]] | None) -> Shell | None:
    """The first tool offered that insists on a command; None when no tool takes one.

    A tool that can do without (to start an agent, to list processes) is no shell; one that does not
    say what it insists on is taken where no other fits.
    """
    silent = None
    for tool in tools or ():
        function = tool.get("function")
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            continue
        parameters = function.get("parameters")
        properties = parameters.get("properties") if isinstance(parameters, dict) else None
        if not isinstance(parameters, dict) or not isinstance(properties, dict):
            continue
        required = parameters.get("required")
        if not isinstance(required, list):
            silent = silent or _shell(function["name"], properties, None)
        elif shell := _shell(function["name"], properties, required):
            return shell
    return silent


def _shell(function: str, properties: dict[str, Any], required: list[Any] | None) -> Shell | None:
    for name in _PARAMETERS:
        kind = _kind(properties.get(name))
        if kind not in ("string", "array") or (required is not None and name not in required):
            continue
        others = [other for other in required or () if isinstance(other, str) and other != name]
        further = tuple((other, _value(properties.get(other))) for other in others)
        return Shell(function, name, as_list=kind == "array", further=further)
    return None


def _kind(schema: object) -> object:
    return schema.get("type") if isinstance(schema, dict) else None


def _value(schema: object) -> Any:
    """A value that a schema accepts, as far as its type and its choices tell."""
    choices = schema.get("enum") if isinstance(schema, dict) else None
    if isinstance(choices, list) and choices:
        return choices[0]
    kind = _kind(schema)
    return _EMPTY.get(kind, 1) if isinstance(kind, str) else _EMPTY["string"]
