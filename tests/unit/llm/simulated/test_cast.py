import math
from collections.abc import Callable
from pathlib import Path

import pytest

from routelab.errors import ConfigError
from routelab.llm.simulated import Cast, Player, load_cast, true_classifier_accuracy
from routelab.records import Candidate, DeciderCase
from routelab.taxonomy import load_taxonomy

TAXONOMY = Path(__file__).parents[4] / "datasets" / "taxonomy" / "v1" / "taxonomy.json"
MODEL = """
concentration = 3.0
[models."sim/one"]
context_length = 1000
input_usd_per_million = 1.0
output_usd_per_million = 1.0
latency = { median_ms = 20, spread = 0.2 }
skill = { default = 0.5 }
classifier_skill = 0.5
"""


def test_the_shipped_cast_speaks_of_kinds_of_work_that_exist() -> None:
    taxonomy = load_taxonomy(TAXONOMY)
    known = {"default", *taxonomy.subtasks, *taxonomy.routes}
    for name, model in load_cast().models.items():
        assert set(model.skill) <= known, name


def test_the_shipped_cast_is_quick_enough_for_a_demo() -> None:
    assert all(20 <= model.latency.median_ms <= 250 for model in load_cast().models.values())


def test_the_shipped_cast_has_classifiers_that_can_win() -> None:
    cast = load_cast()
    good = []
    for name, model in cast.models.items():
        p95_ms = model.latency.median_ms * math.exp(1.645 * model.latency.spread)
        if true_classifier_accuracy(cast, Candidate(name)) >= 0.8 and 2 * p95_ms < 1000:
            good.append(name)
    assert len(good) >= 2


def test_candidates_are_models_and_their_variants(make_cast: Callable[..., Cast]) -> None:
    cast = make_cast(variants={"low": {}, "high": {}})
    assert [str(one) for one in cast.candidates] == ["sim/one", "sim/one@low", "sim/one@high"]


def test_the_most_exact_skill_holds(make_player: Callable[..., Player], make_task: Callable[..., DeciderCase]) -> None:
    player = make_player(skill={"default": 0.3, "debugging": 0.5, "debugging/bug_fixing": 0.7})
    routes = ("debugging/bug_fixing", "debugging/test_repair", "planning/design")
    assert [player.skill(make_task(route=route)) for route in routes] == [0.7, 0.5, 0.3]


def test_difficulty_and_variant_shift_the_skill_within_0_and_1(
    make_player: Callable[..., Player], make_task: Callable[..., DeciderCase]
) -> None:
    shifts = {"difficulty": {"low": 0.1, "high": -0.9}, "variants": {"high": {"skill": 0.15}}}
    player = make_player(**shifts, skill={"default": 0.8}, classifier_skill=0.9)
    eager = make_player("high", **shifts, skill={"default": 0.8}, classifier_skill=0.9)
    skills = [player.skill(make_task(difficulty=name)) for name in ("low", "medium", "high")]
    assert skills == pytest.approx([0.9, 0.8, 0.0])
    assert eager.skill(make_task(difficulty="low")) == 1.0
    assert (player.classifier_skill, eager.classifier_skill) == (0.9, 1.0)


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ("colour = 'red'", "unknown field `colour`"),
        ("shares = { malformed = 0.6, empty = 0.5 }", "add up to more than 1"),
        ("shares = { rate_limited = 0.6, failed = 0.5 }", "add up to more than 1"),
        ("shares = { empty = 1.5 }", "<= 1"),
        ("difficulty = { extreme = 0.1 }", "extreme"),
        ("variants = { high = { tokens = 0 } }", "> 0"),
        ("repaired = nan", "repaired"),
        ("context_length = 5", "is not TOML"),
    ],
)
def test_a_faulty_cast_is_refused_in_one_sentence(tmp_path: Path, extra: str, complaint: str) -> None:
    path = tmp_path / "cast.toml"
    path.write_text(MODEL + extra)
    with pytest.raises(ConfigError) as caught:
        load_cast(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_skill_without_a_default_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cast.toml"
    path.write_text(MODEL.replace("default", "debugging"))
    with pytest.raises(ConfigError, match="skill needs a default"):
        load_cast(path)


def test_a_missing_cast_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the cast"):
        load_cast(tmp_path / "none.toml")
