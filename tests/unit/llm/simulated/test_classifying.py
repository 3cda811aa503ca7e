from collections.abc import Callable
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routelab.classifier import ParseFailure, parse
from routelab.classifier.parse import Stage
from routelab.grading import grade_classification
from routelab.llm.simulated import Cast, Player, true_classifier_accuracy
from routelab.llm.simulated.classifying import classify_case, classify_other
from routelab.records import GRADED_FIELDS, Candidate, Classification, ClassifierCase, NormalisedRequest
from routelab.taxonomy import Taxonomy

Sorting = Callable[..., ClassifierCase]
MakePlayer = Callable[..., Player]


def answer(player: Player, case: ClassifierCase, taxonomy: Taxonomy, *, again: bool = False) -> str:
    return classify_case(player, case, taxonomy, 1, asked_again=again).text


def test_full_skill_finds_every_field(make_player: MakePlayer, make_sorting: Sorting, taxonomy: Taxonomy) -> None:
    case = make_sorting()
    found = parse(answer(make_player(), case, taxonomy), taxonomy)
    assert grade_classification(case.expected, found if isinstance(found, Classification) else None) == 1.0


def test_no_skill_misses_every_field_with_valid_answers(
    make_player: MakePlayer, make_sorting: Sorting, taxonomy: Taxonomy
) -> None:
    player = make_player(classifier_skill=0.0)
    for number in range(50):
        case = make_sorting(number, requires_tools=number % 2 == 0)
        found = parse(answer(player, case, taxonomy), taxonomy)
        assert isinstance(found, Classification)
        assert grade_classification(case.expected, found) == 0.0


@given(skill=st.floats(0, 1), number=st.integers(0, 99999), repetition=st.integers(1, 5))
def test_every_real_answer_is_valid(
    make_player: MakePlayer,
    make_sorting: Sorting,
    taxonomy: Taxonomy,
    skill: float,
    number: int,
    repetition: int,
) -> None:
    player = make_player(classifier_skill=skill)
    reply = classify_case(player, make_sorting(number), taxonomy, repetition, asked_again=False)
    assert isinstance(parse(reply.text, taxonomy), Classification)


def test_each_field_is_right_with_the_models_skill(
    make_player: MakePlayer, make_sorting: Sorting, taxonomy: Taxonomy
) -> None:
    player = make_player(classifier_skill=0.8)
    right = dict.fromkeys(GRADED_FIELDS, 0)
    for number in range(2000):
        case = make_sorting(number)
        found = parse(answer(player, case, taxonomy), taxonomy)
        for field in GRADED_FIELDS:
            right[field] += getattr(found, field) == getattr(case.expected, field)
    shares = {field: count / 2000 for field, count in right.items()}
    assert shares.pop("subtask_type") == pytest.approx(0.64, abs=0.035)
    assert list(shares.values()) == pytest.approx([0.8] * 6, abs=0.035)


def test_the_true_accuracy_is_what_is_found_with_one_retry(
    make_cast: Callable[..., Cast], make_sorting: Sorting, taxonomy: Taxonomy
) -> None:
    cast = make_cast(classifier_skill=0.85, shares={"malformed": 0.2, "empty": 0.1, "truncated": 0.1}, repaired=0.4)
    candidate = Candidate("sim/one")
    player = cast.player(candidate)
    scores = []
    for number in range(3000):
        case = make_sorting(number)
        found = parse(answer(player, case, taxonomy), taxonomy)
        if isinstance(found, ParseFailure):
            found = parse(answer(player, case, taxonomy, again=True), taxonomy)
        scores.append(0.0 if isinstance(found, ParseFailure) else grade_classification(case.expected, found))
    assert fmean(scores) == pytest.approx(true_classifier_accuracy(cast, candidate), abs=0.02)


@pytest.mark.parametrize(
    ("share", "stages"),
    [("malformed", {"json", "values"}), ("empty", {"empty"}), ("truncated", {"json"})],
)
def test_spoilt_answers_are_invalid_until_repaired(
    make_player: MakePlayer, make_sorting: Sorting, taxonomy: Taxonomy, share: str, stages: set[Stage]
) -> None:
    player = make_player(shares={share: 1.0}, repaired=0.5)
    seen, repaired = set(), 0
    for number in range(60):
        case = make_sorting(number)
        failure = parse(answer(player, case, taxonomy), taxonomy)
        assert isinstance(failure, ParseFailure)
        seen.add(failure.stage)
        repaired += isinstance(parse(answer(player, case, taxonomy, again=True), taxonomy), Classification)
    assert seen == stages
    assert 15 < repaired < 45


def test_a_truncated_answer_says_so(make_player: MakePlayer, make_sorting: Sorting, taxonomy: Taxonomy) -> None:
    player = make_player(shares={"truncated": 1.0})
    assert classify_case(player, make_sorting(), taxonomy, 1, asked_again=False).finish_reason == "length"


def test_other_requests_get_what_their_keywords_suggest(taxonomy: Taxonomy) -> None:
    request = NormalisedRequest(api_kind="messages", user_prompt_prefix="an estimate of the estimate")
    found = parse(classify_other(request, taxonomy).text, taxonomy)
    assert isinstance(found, Classification)
    assert found.route == "planning/estimate"
    assert not found.fallback
