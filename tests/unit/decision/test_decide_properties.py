from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from routelab.decision import decide, explain
from routelab.ranking import rank
from routelab.records import Decision

ROUTE = "a/b"
MODELS = "abcd"
shares = st.sampled_from([0.0, 0.5, 0.7, 0.75, 0.8, 0.85, 1.0])
pairs = st.fixed_dictionaries({"model": st.sampled_from(MODELS), "variant": st.sampled_from([None, "high"])})
rows = st.builds(
    lambda pair, accuracy, bounds, cost: {
        **pair,
        "accuracy": accuracy,
        "accuracy_low": bounds and min(*bounds, accuracy),
        "accuracy_high": bounds and max(*bounds, accuracy),
        "avg_cost_usd": cost,
    },
    pairs,
    shares,
    st.none() | st.tuples(shares, shares),
    st.sampled_from([0.0, 0.01, 0.03, 0.031, 0.5]),
)
modes = st.sampled_from(["cost_per_accuracy", "best_accuracy"])


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Everything `decide` takes, from a table as `rank` makes it."""
    rule = draw(st.sampled_from(["proven", "point"]))
    drawn = draw(st.lists(rows, max_size=6, unique_by=lambda item: (item["model"], item["variant"])))
    modality = st.none() | st.lists(st.sampled_from(["text", "image"]), max_size=2)
    capability = st.fixed_dictionaries(
        {"context_length": st.sampled_from([None, 10, 100, 1000]), "input_modalities": modality}
    )
    return {
        "table": {"rule": rule, "routes": {ROUTE: rank(drawn, min_accuracy=0.75, rule=rule)}},
        "incumbent": draw(st.none() | pairs),
        "policy": {
            "routing_mode": draw(modes),
            "denied_models": draw(st.lists(st.sampled_from(MODELS), max_size=2)),
            "pool": draw(st.none() | st.lists(pairs, max_size=4)),
        },
        "constraints": {
            "input_modalities": draw(st.lists(st.sampled_from(["text", "image"]), max_size=2)),
            "prompt_tokens_estimate": draw(st.sampled_from([None, 50, 5000])),
        },
        "capabilities": draw(st.dictionaries(st.sampled_from(MODELS), capability)),
    }


def ask(question: dict[str, Any], **changes: Any) -> Decision | None:
    return decide(ROUTE, **{**question, **changes})


def allowed(question: dict[str, Any], model: str, variant: str | None) -> bool:
    """An independent reading of policy and constraints."""
    policy, needs = question["policy"], question["constraints"]
    if model in policy["denied_models"]:
        return False
    if policy["pool"] is not None and {"model": model, "variant": variant} not in policy["pool"]:
        return False
    modalities = (question["capabilities"].get(model) or {}).get("input_modalities") or []
    return all(wanted == "text" or wanted in modalities for wanted in needs["input_modalities"])


@settings(max_examples=200)
@given(questions())
def test_nobody_is_chosen_who_may_not_serve_and_somebody_is_whenever_one_may(question: dict[str, Any]) -> None:
    decision = ask(question)
    ranked = question["table"]["routes"][ROUTE]
    able = [(c.model, c.variant) for c in ranked if allowed(question, c.model, c.variant)]
    if decision is None:
        assert not able
    else:
        assert (decision.model, decision.variant) in able


@given(questions())
def test_the_same_question_gets_the_same_answer_and_is_left_alone(question: dict[str, Any]) -> None:
    before = deepcopy(question)
    assert ask(question) == ask(question)
    assert question == before


@settings(max_examples=200)
@given(questions())
def test_sticky_and_switch_reason_tell_what_happened_to_the_incumbent(question: dict[str, Any]) -> None:
    decision, fresh = ask(question), ask(question, incumbent=None)
    if decision is None or fresh is None:
        assert decision is fresh
        return
    incumbent = question["incumbent"]
    chosen = {"model": decision.model, "variant": decision.variant}
    first = {"model": fresh.model, "variant": fresh.variant}
    assert not fresh.sticky
    assert fresh.switch_reason is None
    assert decision.sticky == (incumbent is not None and chosen == incumbent != first)
    assert (decision.switch_reason is not None) == (incumbent is not None and chosen != incumbent)
    if not decision.sticky:
        assert chosen == first


@given(questions())
def test_a_decision_settles(question: dict[str, Any]) -> None:
    """Asked again with its own answer as the incumbent, it stays there: no conversation flips forever."""
    decision = ask(question)
    if decision is not None:
        again = ask(question, incumbent={"model": decision.model, "variant": decision.variant})
        assert again is not None
        assert (again.model, again.variant) == (decision.model, decision.variant)
        assert again.switch_reason is None


@given(questions())
def test_a_model_that_fits_goes_before_one_whose_window_is_too_small(question: dict[str, Any]) -> None:
    decision = ask(question)
    estimate = question["constraints"]["prompt_tokens_estimate"]
    if decision is None or estimate is None:
        return
    windows = {
        (c.model, c.variant): (question["capabilities"].get(c.model) or {}).get("context_length")
        for c in question["table"]["routes"][ROUTE]
        if allowed(question, c.model, c.variant)
    }
    chosen = windows[decision.model, decision.variant]
    if chosen is not None and chosen < estimate:
        assert all(window is not None and window <= chosen for window in windows.values())


@given(questions())
def test_explain_names_every_candidate_and_one_winner(question: dict[str, Any]) -> None:
    decision = ask(question)
    arguments = {name: value for name, value in question.items() if name != "incumbent"}
    told = explain(decision, ROUTE, **arguments)
    ranked = question["table"]["routes"][ROUTE]
    assert [(item.model, item.variant) for item in told] == [(c.model, c.variant) for c in ranked]
    winners = [(item.model, item.variant) for item in told if item.verdict == "chosen"]
    assert winners == ([] if decision is None else [(decision.model, decision.variant)])
    for item in told:
        forbidden = item.verdict in ("denied", "outside_pool", "modality")
        assert forbidden != allowed(question, item.model, item.variant)
    if decision is not None:
        assert any(item.verdict == "not_worth_a_switch" for item in told) == decision.sticky
