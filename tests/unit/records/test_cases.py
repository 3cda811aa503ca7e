import json
import re
from typing import Any

import msgspec
import pytest

from routelab.records import Check, DeciderCase, NormalisedRequest, Proof, Solution


def decode(check: dict[str, Any]) -> Check:
    return msgspec.json.decode(json.dumps(check), type=Check)


def case(**changes: Any) -> dict[str, Any]:
    return {
        "id": "debugging-bug-fixing-leap-year",
        "route": "debugging/bug_fixing",
        "difficulty": "low",
        "system_prompt": None,
        "user_prompt": "Which year is it?",
        "workspace": None,
        "check": {"kind": "exact", "value": "2028"},
        "solution": {"answer": "2028"},
        "distractors": [{"answer": "2027"}],
        "proof": {"kind": "check"},
        "rationale": "Leap years.",
        "timeout_s": 60,
        **changes,
    }


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "exact", "value": "42"},
        {"kind": "contains_all", "values": ["a", "b"]},
        {"kind": "regex", "pattern": "^a", "flags": "ims"},
        {"kind": "regex", "pattern": "a"},
        {"kind": "json_equal", "value": {"a": [1, None, True]}},
        {"kind": "command", "command": "true", "hidden": "hidden/x"},
        {"kind": "command", "command": "true"},
        {"kind": "files", "files": {"a/b.txt": "text", "gone": None}},
        {"kind": "all_of", "checks": [{"kind": "exact", "value": "1"}, {"kind": "regex", "pattern": "1"}]},
    ],
)
def test_every_check_of_the_contract_reads_and_writes_back(check: dict[str, Any]) -> None:
    written = msgspec.to_builtins(decode(check))
    assert written["kind"] == check["kind"]
    assert decode(written) == decode(check)


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        ({"kind": "exactly", "value": "x"}, "exactly"),
        ({"kind": "exact", "value": 42}, "str"),
        ({"kind": "exact", "value": " \n"}, "white space"),
        ({"kind": "exact", "value": "x", "values": []}, "values"),
        ({"kind": "contains_all", "values": []}, "length >= 1"),
        ({"kind": "contains_all", "values": ["a", "\t"]}, "white space"),
        ({"kind": "regex", "pattern": "("}, "does not compile"),
        ({"kind": "regex", "pattern": "a{99999999999999999999}"}, "does not compile"),
        ({"kind": "regex", "pattern": "(" * 3000 + ")" * 3000}, "does not compile"),
        ({"kind": "regex", "pattern": "a", "flags": "x"}, "flags"),
        ({"kind": "json_equal", "value": json.loads("[" * 150 + "]" * 150)}, "deeper"),
        ({"kind": "command", "command": "true", "hidden": "../up"}, "hidden"),
        ({"kind": "command", "command": "true", "hidden": "/abs"}, "hidden"),
        ({"kind": "command", "command": "true", "hidden": "."}, "hidden"),
        ({"kind": "files", "files": {}}, "length >= 1"),
        ({"kind": "files", "files": {"a/../../b": "x"}}, "files"),
        ({"kind": "all_of", "checks": []}, "length >= 1"),
    ],
)
def test_a_malformed_check_is_refused_with_its_reason(check: dict[str, Any], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(complaint)):
        decode(check)


@pytest.mark.parametrize("value", [float("nan"), {"a": [float("inf")]}])
def test_a_json_check_that_no_json_can_equal_is_refused(value: Any) -> None:
    with pytest.raises(msgspec.ValidationError, match="not finite"):
        msgspec.convert({"kind": "json_equal", "value": value}, type=Check)


def test_a_trailing_line_break_in_flags_is_no_crash() -> None:
    check = msgspec.convert({"kind": "regex", "pattern": "A", "flags": "i\n"}, type=Check)
    assert check.compiled().search("a")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "NoKebab"}, "$.id"),
        ({"id": "single"}, "$.id"),
        ({"route": "debugging"}, "$.route"),
        ({"difficulty": "hard"}, "$.difficulty"),
        ({"timeout_s": 0}, "$.timeout_s"),
        ({"timeout_s": 3601}, "$.timeout_s"),
        ({"user_prompt": ""}, "$.user_prompt"),
        ({"workspace": "."}, "workspace must be a relative path"),
        ({"workspace": "workspaces/../.."}, "workspace must be a relative path"),
        ({"setup": "setup/x.sh"}, "setup needs a workspace"),
        ({"solution": {}}, "needs an answer"),
        ({"proof": {"kind": "code"}}, "code belongs to the kind"),
        ({"proof": {"kind": "check", "code": "x"}}, "code belongs to the kind"),
        ({"notes": "x"}, "notes"),
    ],
)
def test_a_malformed_decider_case_is_refused_with_its_field(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(complaint)):
        msgspec.convert(case(**change), type=DeciderCase)


def test_a_sound_decider_case_is_read() -> None:
    read = msgspec.convert(case(workspace="workspaces/x", setup="setup/x.sh"), type=DeciderCase)
    assert read.solution == Solution(answer="2028")
    assert read.proof == Proof("check")


def test_a_prefix_over_a_thousand_characters_is_no_normalised_request() -> None:
    good = {"api_kind": "messages", "user_prompt_prefix": "ä" * 1000}
    assert msgspec.convert(good, type=NormalisedRequest).user_prompt_prefix == "ä" * 1000
    with pytest.raises(msgspec.ValidationError, match="user_prompt_prefix"):
        msgspec.convert({**good, "user_prompt_prefix": "x" * 1001}, type=NormalisedRequest)
