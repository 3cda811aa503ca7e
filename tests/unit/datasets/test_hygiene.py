import re

import pytest

from routelab.datasets.hygiene import can_backtrack_badly, dirt


@pytest.mark.parametrize(
    "text",
    ["see /var/log/app.log", "cd /home/ann", r"C:\Users\ann", "key sk-abcdefghijklmnop1234", "AKIAABCDEFGHIJKLMNOP"],
)
def test_dirt_is_found(text: str) -> None:
    assert list(dirt(text))


@pytest.mark.parametrize(
    "text",
    ["read docs/usr/notes.md", "GET /v1/items", "https://example.com/etc/passwd", "and/or", "12/30/2025", "sk-1"],
)
def test_what_only_looks_alike_is_no_dirt(text: str) -> None:
    assert list(dirt(text)) == []


@pytest.mark.parametrize("pattern", ["(a+)+", "(?:a|b*)*", r"^(\w+\s?)*$", "(?=(a+)+)b", "((a{2,}b)+)"])
def test_nested_endless_repetitions_are_refused(pattern: str) -> None:
    assert can_backtrack_badly(re.compile(pattern))


@pytest.mark.parametrize("pattern", ["a+b+", "(?:x{1,3})+", r"^\d+(?:\.\d)?$", "(a|b)+c", r"\bfoo\b.*bar"])
def test_plain_patterns_pass(pattern: str) -> None:
    assert not can_backtrack_badly(re.compile(pattern))
