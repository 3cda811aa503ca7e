from typing import Any

from routelab.decision import decide, explain

ROUTE = "a/b"


def candidate(model: str, cost: float) -> dict[str, Any]:
    return {"model": model, "variant": None, "accuracy": 0.9, "avg_cost_usd": cost}


def test_each_loser_is_told_why_it_lost() -> None:
    ranked = [candidate(name, 0.01 * place) for place, name in enumerate("abcdefg", start=1)]
    arguments: dict[str, Any] = {
        "table": {"routes": {ROUTE: ranked}},
        "policy": {"denied_models": ["a"], "pool": [{"model": name} for name in "acdefg"]},
        "constraints": {"input_modalities": ["image"], "prompt_tokens_estimate": 100},
        "capabilities": {
            **{name: {"input_modalities": ["image"]} for name in "abefg"},
            "d": {"input_modalities": ["image"], "context_length": 99},
        },
    }
    decision = decide(ROUTE, incumbent={"model": "f"}, **arguments)
    verdicts = [(item.model, item.verdict) for item in explain(decision, ROUTE, **arguments)]
    assert verdicts == [
        ("a", "denied"),
        ("b", "outside_pool"),
        ("c", "modality"),
        ("d", "context"),
        ("e", "not_worth_a_switch"),
        ("f", "chosen"),
        ("g", "ranked_lower"),
    ]


def test_an_imported_model_id_that_ends_like_a_variant_is_explained_too() -> None:
    table = {"source": "imported", "routes": {ROUTE: [candidate("vendor/m@20310101", 0.1), candidate("n", 0.2)]}}
    told = explain(decide(ROUTE, table), ROUTE, table)
    assert [(item.model, item.verdict) for item in told] == [
        ("vendor/m@20310101", "chosen"),
        ("n", "ranked_lower"),
    ]


def test_without_a_decision_nobody_is_chosen() -> None:
    table = {"routes": {ROUTE: [candidate("a", 0.1)]}}
    policy = {"denied_models": ["a"]}
    (told,) = explain(decide(ROUTE, table, policy=policy), ROUTE, table, policy=policy)
    assert (told.verdict, told.evidence, told.accuracy, told.avg_cost_usd) == ("denied", "unproven", 0.9, 0.1)
