"""What a perfect benchmark would find: expected scores, computed from the cast alone."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from routelab.grading import WEIGHTS, grade_text, needs_workspace
from routelab.llm.simulated.cast import Cast, Player
from routelab.llm.simulated.solving import malformed
from routelab.records import Candidate, DeciderCase


def true_accuracy(cast: Cast, candidate: Candidate, cases: Sequence[DeciderCase]) -> dict[str, float]:
    """The expected share of solved cases by route, for an agent with a shell and one retry when empty.

    Takes for granted that every distractor fails its check and that a truncated answer scores 0.
    KeyError for a candidate that is not in the cast.
    """
    player = cast.player(candidate)
    by_route: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        by_route[case.route].append(_expected_score(player, case))
    return {route: fmean(scores) for route, scores in by_route.items()}


def true_classifier_accuracy(cast: Cast, candidate: Candidate) -> float:
    """The expected classification score, with the one retry after an invalid answer.

    KeyError for a candidate that is not in the cast.
    """
    player = cast.player(candidate)
    skill = player.classifier_skill
    weight = WEIGHTS["subtask_type"]
    score = skill * (1 - weight) + skill**2 * weight  # a subtask type is right only under its task type
    spoilt = sum(player.model.shares.spoilt.values())
    return score * (1 - spoilt * (1 - player.model.repaired))


def _expected_score(player: Player, case: DeciderCase) -> float:
    shares = player.model.shares
    real = 1 - sum(shares.spoilt.values()) + shares.empty * player.model.repaired
    # A check of the workspace fails where nothing was done; a truncated answer is never graded.
    lucky = not needs_workspace(case.check) and grade_text(case.check, malformed(case))
    return real * player.skill(case) + shares.malformed * lucky
