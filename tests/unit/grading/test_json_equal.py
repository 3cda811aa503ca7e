import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.grading import grade_text

finite = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
containers = st.lists(json_values, max_size=4) | st.dictionaries(st.text(), json_values, max_size=4)


def passes(value: Any, message: str) -> bool:
    return grade_text({"kind": "json_equal", "value": value}, message)


@pytest.mark.parametrize(
    ("value", "message", "expected"),
    [
        ({"a": 1, "b": 2}, '{"b": 2, "a": 1}', True),
        ([1, 2], "[2, 1]", False),
        ({"a": 1}, '{"a": 1.0}', True),
        ({"a": 1.0}, '{"a": 1}', True),
        ({"a": 1}, '{"a": true}', False),
        ({"a": True}, '{"a": 1}', False),
        ({"a": 0}, '{"a": false}', False),
        ({"a": None}, "{}", False),
        ({"a": None}, '{"a": null}', True),
        ({"a": 1}, '{"a": "1"}', False),
        ([], "{}", False),
        ([[]], "[[]]", True),
        ([1], "[1, 1]", False),
        ({"a": 1}, '{"A": 1}', False),
        ({"n": 15511210043330985984000000}, '{"n": 15511210043330985984000000}', True),
        ({"n": 15511210043330985984000000}, '{"n": 15511210043330985984000001}', False),
    ],
)
def test_values_are_compared_not_texts(value: Any, message: str, expected: bool) -> None:
    assert passes(value, message) is expected


@pytest.mark.parametrize(
    ("value", "message", "expected"),
    [
        ({"a": 1}, 'Sure!\n```json\n{"a": 1}\n```\nBye.', True),
        ({"a": 1}, 'int main() { return x[i]; } gives {"a": 1}', True),
        ({"a": 1}, '{"a": 2} or rather {"a": 1}', False),
        ({"a": 1}, '[see below] {"a": 1}', True),
        ({"a": 1}, '{"a": 1', False),
        ({"s": "x\u2028y"}, '{"s": "x\u2028y"}', True),
        (3, "3", True),
        (3, "```\n3\n```", True),
        (3, "The answer is 3", False),
        ("x", '"x"', True),
        (None, "null", True),
        (None, "", False),
        ({"a": 1}, "", False),
    ],
)
def test_the_first_object_or_array_that_parses_counts(value: Any, message: str, expected: bool) -> None:
    assert passes(value, message) is expected


@pytest.mark.parametrize("message", ["[NaN]", "[Infinity]", "[-Infinity]", "[1e999]", "NaN"])
def test_numbers_that_json_does_not_have_are_refused(message: str) -> None:
    assert not passes([1e308], message)
    assert not passes([], message)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_what_holds_such_a_number_does_not_count_as_the_first(number: str) -> None:
    assert passes([1], f"[1, {number}] or rather [1]")


@given(containers, st.sampled_from(["{}", "Here:\n{}", "```json\n{}\n```", "so {} it is"]))
def test_a_value_equals_itself_however_it_is_wrapped(value: Any, frame: str) -> None:
    assert passes(value, frame.replace("{}", json.dumps(value)))


@given(json_values)
def test_key_order_and_indentation_never_matter(value: Any) -> None:
    def turned(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: turned(part[key]) for key in reversed(part)}
        return [turned(item) for item in part] if isinstance(part, list) else part

    assert passes([value], json.dumps([turned(value)], indent=2, ensure_ascii=False))


@given(json_values, json_values)
def test_equality_is_symmetric_and_tells_booleans_from_numbers(one: Any, other: Any) -> None:
    def strict(part: Any) -> Any:
        """An independent normal form: numbers as floats or big ints, everything else tagged."""
        if isinstance(part, dict):
            return {key: strict(item) for key, item in part.items()}
        if isinstance(part, list):
            return [strict(item) for item in part]
        return ("number", part) if type(part) in (int, float) else (type(part).__name__, part)

    expected = strict(one) == strict(other)
    assert passes([one], json.dumps([other])) is expected
    assert passes([other], json.dumps([one])) is expected
