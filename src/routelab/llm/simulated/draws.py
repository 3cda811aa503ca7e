"""Random draws that depend on nothing but their key."""

import random
from collections.abc import Mapping

from routelab.records import Candidate


def seeded(candidate: Candidate, key: str, purpose: str, *more: int | str) -> random.Random:
    """A generator of its own for one purpose, the same in every process and on every machine."""
    return random.Random("\x1f".join(map(str, (candidate, key, purpose, *more))))


def chance_of_case(mean: float, concentration: float, rng: random.Random) -> float:
    """The chance of success on one case, drawn from a beta distribution with exactly this mean.

    Repetitions of a case share their chance and so are correlated: by 1 / (1 + concentration).
    """
    alpha, beta = mean * concentration, (1 - mean) * concentration
    return rng.betavariate(alpha, beta) if min(alpha, beta) > 0 else mean


def one_of(shares: Mapping[str, float], rng: random.Random) -> str | None:
    """One of the names, each with its share; None with what is left to 1."""
    roll = rng.random()
    for name, share in shares.items():
        if roll < share:
            return name
        roll -= share
    return None
