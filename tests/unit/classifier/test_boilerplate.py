import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier.boilerplate import strip_boilerplate


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Fix the bug", "Fix the bug"),
        ("<system-reminder>be good</system-reminder>Fix the bug", "Fix the bug"),
        ("Fix\n<environment_details>\ncwd\nfiles\n</environment_details>\nthe bug", "Fix\n\nthe bug"),
        ('<ide_opened_file path="/a/b">text</ide_opened_file>Fix', "Fix"),
        ("<task>\nFix the bug\n</task>", "Fix the bug"),
        ("<user_query>Fix</user_query> <system_reminder>x</system_reminder>", "Fix"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("a < b and b > c, List<int>", "a < b and b > c, List<int>"),
        ("<div>keep</div>", "<div>keep</div>"),
        ("<command-name-list>x</command-name-list> keep", "<command-name-list>x</command-name-list> keep"),
        ("<ide_selection/>Fix the bug", "<ide_selection/>Fix the bug"),
        ("Fix\n<environment_details>cut off in the middle", "Fix"),
        ("<system-reminder>only</system-reminder>", ""),
        ("", ""),
    ],
)
def test_what_agents_add_goes_and_what_users_say_stays(text: str, left: str) -> None:
    assert strip_boilerplate(text) == left


@given(st.text("<>/ask\n -") | st.text())
def test_text_without_known_tags_only_loses_white_space(text: str) -> None:
    assert "".join(strip_boilerplate(text).split()) == "".join(text.split())


@pytest.mark.parametrize("piece", ["<system-reminder>", "<system-reminder ", "</task", "\n\n\n ", "<"])
def test_hostile_repetition_is_digested(piece: str) -> None:
    assert len(strip_boilerplate("Fix " + piece * 50_000)) <= len(piece) * 50_000 + 4
