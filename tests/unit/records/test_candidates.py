import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.records import Candidate

words = st.from_regex(r"[A-Za-z0-9_.-]+", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "model", "variant"),
    [
        ("acme/small", "acme/small", None),
        ("acme/small@high", "acme/small", "high"),
        ("a@b@low", "a@b", "low"),
        ("git@host/model", "git@host/model", None),
        ("model@", "model@", None),
        ("@word", "@word", None),
    ],
)
def test_a_candidate_is_written_model_or_model_at_variant(text: str, model: str, variant: str | None) -> None:
    candidate = Candidate.parse(text)
    assert (candidate.model, candidate.variant) == (model, variant)
    assert str(candidate) == text


@given(st.text(max_size=12), st.none() | words)
def test_every_candidate_that_can_exist_reads_back_as_itself(model: str, variant: str | None) -> None:
    try:
        candidate = Candidate(model, variant)
    except ValueError:
        looks_like_variant = variant is None and re.search(r".@[A-Za-z0-9_.-]+$", model, re.DOTALL)
        assert not model or model != model.strip() or looks_like_variant
        return
    assert Candidate.parse(str(candidate)) == candidate


@pytest.mark.parametrize(("model", "variant"), [("", None), (" m", None), ("m", ""), ("m", "two words"), ("m@x", None)])
def test_a_malformed_candidate_is_refused(model: str, variant: str | None) -> None:
    with pytest.raises(ValueError, match=r"candidate|variant"):
        Candidate(model, variant)


def test_the_variant_is_part_of_the_identity() -> None:
    assert len({Candidate("m"), Candidate("m", "low"), Candidate("m", "high"), Candidate("m")}) == 3
