from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routelab.classifier import heuristic
from routelab.records import NormalisedRequest
from routelab.taxonomy import Taxonomy


def ask(text: str | None, latest: str | None = None, **more: Any) -> NormalisedRequest:
    return NormalisedRequest(api_kind="messages", user_prompt_prefix=text, latest_user_prompt_prefix=latest, **more)


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("There is a BUG here", "debugging/bug_fixing"),
        ("a flaky test, again", "debugging/test_repair"),
        ("please tidy up", "refactoring/code_cleanup"),
        ("debug the crashing tests", "refactoring/migration"),
        ("bug, crash and a flaky test", "debugging/bug_fixing"),
        ("bug and flaky test", "debugging/bug_fixing"),
        ("hello", "refactoring/migration"),
        (None, "refactoring/migration"),
    ],
)
def test_most_keywords_win_and_none_gives_the_fallback(taxonomy: Taxonomy, text: str | None, route: str) -> None:
    assert heuristic(ask(text), taxonomy).route == route


def test_the_latest_words_count_too(taxonomy: Taxonomy) -> None:
    assert heuristic(ask("hello", "fix the bug"), taxonomy).route == "debugging/bug_fixing"


def test_tools_that_are_offered_are_taken_as_needed(taxonomy: Taxonomy) -> None:
    assert not heuristic(ask("bug"), taxonomy).requires_tools
    assert heuristic(ask("bug", has_tools=True), taxonomy).requires_tools


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.sampled_from(["bug", "bug crash", "tidy up bug migrate"]), st.none() | st.text(), st.booleans())
def test_it_always_gives_a_valid_classification_and_says_it_is_one(
    taxonomy: Taxonomy, text: str, latest: str | None, has_tools: bool
) -> None:
    guess = heuristic(ask(text, latest, has_tools=has_tools), taxonomy)
    assert taxonomy.misfits(msgspec.structs.asdict(guess)) == []
    assert guess.fallback
    assert guess.confidence is not None
    assert 0 <= guess.confidence <= 0.3
