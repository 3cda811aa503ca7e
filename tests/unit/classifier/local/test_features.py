from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier.local.features import BLOCKS, tokens
from routelab.records import NormalisedRequest


def of(first: str | None, latest: str | None = None) -> dict[str, Counter[str]]:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix=first, latest_user_prompt_prefix=latest)
    return dict(zip(BLOCKS, tokens(request), strict=True))


def test_words_are_lower_case_and_paired_and_numbers_are_one_word() -> None:
    assert of("Fix 12 bugs, fix 7")["first"] == Counter(
        {"fix": 2, "0": 2, "bugs": 1, ",": 1, "fix 0": 2, "0 bugs": 1, "bugs ,": 1, ", fix": 1}
    )


def test_the_latest_prompt_has_words_of_its_own_but_shares_the_letters() -> None:
    found = of("abc", "why")
    assert found["latest"] == Counter({"why": 1})
    assert found["letters"] == of("abc why")["letters"]


def test_letters_stay_within_words_and_are_shorter_in_other_scripts() -> None:
    assert set(of("ab c")["letters"]) == {" ab", "ab ", " ab ", " c "}
    assert {"修", "修复", " 修", "复 "} & set(of("修复")["letters"]) == {"修复", " 修", "复 "}


def test_long_words_are_cut_like_short_ones() -> None:
    assert of("x" * 60)["letters"]["xxxxx"] == 56
    assert of("x" * 20)["letters"]["xxxxx"] == 16


def test_the_form_is_told_in_levels() -> None:
    form = of("Change src/a.py, b.py and c.py:\n- first\n- second\nIs that all right?", "yes?")["shape"]
    assert {"files>=3", "items>=2", "asks>=1", "lines>=3", "paths>=1", "latest>=1", "latest_asks>=1"} <= form.keys()
    assert not {"files>=4", "items>=3", "code>=1"} & form.keys()
    assert "latest>=1" not in of("hello")["shape"]


@given(st.text(max_size=1000) | st.none(), st.text(max_size=1000) | st.none())
def test_every_text_has_tokens_that_count(first: str | None, latest: str | None) -> None:
    for block in of(first, latest).values():
        assert all(count > 0 for count in block.values())
