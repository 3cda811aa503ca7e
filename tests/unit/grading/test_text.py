import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.errors import DatasetError
from routelab.grading import as_check, grade_text
from routelab.records import AllOf, ContainsAll, Exact

FENCED = "Here it is:\n```json\n{}\n```\n"


def exact(value: str) -> dict[str, Any]:
    return {"kind": "exact", "value": value}


def contains(*values: str) -> dict[str, Any]:
    return {"kind": "contains_all", "values": list(values)}


def regex(pattern: str, flags: str = "") -> dict[str, Any]:
    return {"kind": "regex", "pattern": pattern, "flags": flags}


@pytest.mark.parametrize(
    ("value", "message", "passes"),
    [
        ("42", "42", True),
        ("42", "  42 \n\n", True),
        ("Straße", "STRASSE", True),
        ("42", "The answer is\n\n42", True),
        ("42", "```\n42\n```", True),
        ("42", "Sure:\n```text\n42\n```\n", True),
        ("42", "~~~\n42\n~~~", True),
        ("42", "  ```\n42\n  ```", True),
        ("42", "Sure:\r\n```\r\n42\r\n```\r\n", True),
        ("a\nb", "a\r\nb", True),
        ("a\nb", "a\n```\nb", True),
        ("a\nb", "x\na\nb", False),
        ("42", "The answer is 42", False),
        ("42", "42\nas you asked", False),
        ("42", "142", False),
        ("42", "", False),
        ("42", "```\n```", False),
        ("a b", "a  b", False),
    ],
)
def test_exact_is_the_whole_message_or_its_last_line(value: str, message: str, passes: bool) -> None:
    assert grade_text(exact(value), message) is passes


@pytest.mark.parametrize(
    ("values", "message", "passes"),
    [
        (["alpha", "beta"], "BETA then Alpha", True),
        (["alpha", "beta"], "alpha only", False),
        (["a\nb"], "a\n```python\nb", True),
        (["a\r\nb"], "a\r\nb", True),
        (["python"], "```python\nx\n```", False),
        (["x"], "", False),
    ],
)
def test_contains_all(values: list[str], message: str, passes: bool) -> None:
    assert grade_text(contains(*values), message) is passes


@pytest.mark.parametrize(
    ("pattern", "flags", "message", "passes"),
    [
        ("b+", "", "abbc", True),
        ("B", "", "b", False),
        ("B", "i", "b", True),
        ("^b$", "", "a\nb", False),
        ("^b$", "m", "a\nb", True),
        ("a.b", "", "a\nb", False),
        ("a.b", "s", "a\nb", True),
        ("^```", "", "```\nx\n```", True),
        ("^ x", "", " x", True),
        (r"\r\n", "", "a\r\nb", True),
    ],
)
def test_regex_searches_the_message_as_it_came(pattern: str, flags: str, message: str, passes: bool) -> None:
    assert grade_text(regex(pattern, flags), message) is passes


def test_all_of_needs_every_part() -> None:
    check = {"kind": "all_of", "checks": [contains("a"), regex("b$")]}
    assert grade_text(check, "a b")
    assert not grade_text(check, "b")
    assert not grade_text(check, "a")


def test_records_and_dicts_grade_alike() -> None:
    record = AllOf([Exact("A"), ContainsAll(["a"])])
    assert as_check({"kind": "all_of", "checks": [exact("A"), contains("a")]}) == record
    assert grade_text(record, "a")


def test_no_message_is_an_empty_message() -> None:
    assert not grade_text(exact("x"), None)
    assert grade_text(regex("^$"), None)


@pytest.mark.parametrize("message", ["a", "b"])
@pytest.mark.parametrize("part", [{"kind": "command", "command": "true"}, {"kind": "files", "files": {"x": "y"}}])
def test_a_workspace_check_is_refused_whatever_the_message_says(part: dict[str, Any], message: str) -> None:
    for check in (part, {"kind": "all_of", "checks": [exact("a"), part]}):
        with pytest.raises(DatasetError, match="workspace"):
            grade_text(check, message)


@pytest.mark.parametrize("check", [{}, {"kind": "vibes"}, {"kind": "exact"}, "exact", None, regex("(")])
def test_a_malformed_check_is_one_clear_error(check: Any) -> None:
    with pytest.raises(DatasetError, match="malformed check"):
        grade_text(check, "x")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
visible = st.text(min_size=1).filter(str.strip)
text_checks = st.deferred(
    lambda: st.one_of(
        st.builds(exact, visible),
        st.builds(contains, visible, visible),
        st.builds(regex, st.text(min_size=1).map(re.escape), st.sampled_from(["", "i", "ms", "ims"])),
        st.fixed_dictionaries({"kind": st.just("json_equal"), "value": json_values}),
        st.fixed_dictionaries({"kind": st.just("all_of"), "checks": st.lists(text_checks, min_size=1, max_size=2)}),
    )
)
messages = st.text() | st.text('`~{}[]",:\n\r\t 1aeN\u2028\\', max_size=60)


@given(text_checks, messages)
def test_grading_never_raises_for_a_valid_check(check: dict[str, Any], message: str) -> None:
    assert grade_text(check, message) in (True, False)


@given(visible, st.text("ab \n`"))
def test_a_value_alone_on_the_last_line_passes(value: str, before: str) -> None:
    single = " ".join(value.split()).replace("`", "'").replace("~", "-")
    assert grade_text(exact(single), f"{before}\n```\n{single.swapcase()}\n```") is (
        single.casefold() == single.swapcase().casefold()
    )


def test_brackets_of_code_never_hide_an_answer_behind_them() -> None:
    assert grade_text({"kind": "json_equal", "value": {"a": 1}}, "int f(x[i]) {\n" * 20_000 + '{"a": 1}')


def test_a_message_made_of_broken_json_is_given_up_in_the_end() -> None:
    assert not grade_text({"kind": "json_equal", "value": {"a": 1}}, '["a" ' * 10_001 + '{"a": 1}')
