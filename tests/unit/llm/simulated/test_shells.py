from typing import Any

import pytest
from hypothesis import given
from tests.unit.llm.simulated.apis.samples import anything

from routelab.llm.simulated.shells import Shell, find_shell

TEXT = {"type": "string"}
LIST = {"type": "array", "items": TEXT}


def tool(name: str, *, required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required is not None:
        parameters["required"] = required
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


@pytest.mark.parametrize(
    ("tools", "found"),
    [
        (None, None),
        ([], None),
        ([tool("shell", command=TEXT)], Shell("shell", "command")),
        ([tool("read", path=TEXT), tool("run", cmd=TEXT)], Shell("run", "cmd")),
        ([tool("exec", script=TEXT)], Shell("exec", "script")),
        ([tool("argv", command=LIST)], Shell("argv", "command", as_list=True)),
        ([tool("strange", command="string")], None),
        ([tool("counting", command={"type": "integer"})], None),
        ([tool("process", required=["action"], action=TEXT, command=TEXT)], None),
        ([tool("flow", script=TEXT), tool("sh", required=["cmd"], cmd=TEXT)], Shell("sh", "cmd")),
        ([tool("listing", required=[], command=TEXT), tool("sh", required=["cmd"], cmd=TEXT)], Shell("sh", "cmd")),
        ([{"type": "function"}, {"function": {"name": "bare"}}, {"function": {"name": "x", "parameters": 1}}], None),
        ([{"type": "web_search"}, {"type": "custom", "name": "apply_patch"}], None),
    ],
)
def test_find_shell(tools: list[dict[str, Any]] | None, found: Shell | None) -> None:
    assert find_shell(tools) == found


def test_a_program_is_called_with_its_arguments() -> None:
    shell = find_shell([tool("argv", command=LIST)])
    assert shell is not None
    assert shell.arguments("ls | wc") == {"command": ["bash", "-lc", "ls | wc"]}


def test_whatever_else_the_tool_insists_on_is_filled_in() -> None:
    properties = {
        "description": TEXT,
        "mode": {"type": "string", "enum": ["fast", "slow"]},
        "background": {"type": "boolean"},
        "timeout": {"type": "integer"},
        "paths": LIST,
        "env": {"type": "object"},
        "untyped": {},
        "optional": TEXT,
    }
    required = [*[name for name in properties if name != "optional"], "command"]
    shell = find_shell([tool("bash", required=required, command=TEXT, **properties)])
    assert shell is not None
    arguments = shell.arguments("ls")
    assert set(arguments) == set(required)
    assert arguments["command"] == "ls"
    assert isinstance(arguments["description"], str)
    assert arguments["mode"] == "fast"
    assert [arguments[name] for name in ("background", "timeout", "paths", "env")] == [False, 1, [], {}]


@given(anything)
def test_no_description_of_a_tool_breaks_it(described: Any) -> None:
    assert find_shell([{"function": {"name": "x", "parameters": described}}]) is None
