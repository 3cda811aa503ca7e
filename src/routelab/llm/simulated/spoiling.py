"""Answers that are not the model's real one, and calls that get no answer."""

from msgspec import Struct

from routelab.llm.simulated.cast import Player
from routelab.llm.simulated.draws import one_of, seeded
from routelab.records import Candidate


class Refusal(Struct, frozen=True):
    """The first `calls` calls for an answer are refused; `kind` is `rate_limited` or `failed`."""

    kind: str
    calls: int


def spoilt(player: Player, key: str, repetition: int) -> str | None:
    """`malformed`, `empty` or `truncated`; None when the model gives its real answer."""
    return one_of(player.model.shares.spoilt, seeded(player.candidate, key, "spoilt", repetition))


def is_repaired(player: Player, key: str, repetition: int) -> bool:
    """Whether a spoilt answer becomes the real one when it is asked for again."""
    return seeded(player.candidate, key, "repaired", repetition).random() < player.model.repaired


def refusal(player: Player, key: str, repetition: int) -> Refusal | None:
    """How the first calls for an answer are refused; None when none is."""
    rng = seeded(player.candidate, key, "refused", repetition)
    kind = one_of(player.model.shares.refused, rng)
    return None if kind is None else Refusal(kind, rng.choice((1, 2)))


class Pending:
    """What the endpoint remembers between calls, and forgets once the answer was given.

    An agent that retries an empty answer begins a conversation of its own, so the conversation
    alone does not show that it asks again. As everything is forgotten in the end, every run sees
    the same.
    """

    def __init__(self) -> None:
        self._refused: dict[tuple[Candidate, str, int], int] = {}
        self._empty: set[tuple[Candidate, str, int]] = set()

    def refuse(self, player: Player, key: str, repetition: int) -> Refusal | None:
        """The refusal this call gets; None when it is to be answered."""
        planned = refusal(player, key, repetition)
        if planned is None:
            return None
        place = (player.candidate, key, repetition)
        refused = self._refused.pop(place, 0)
        if refused == planned.calls:
            return None
        self._refused[place] = refused + 1
        return planned

    def note_empty(self, player: Player, key: str, repetition: int) -> None:
        """Remember that the answer was empty."""
        self._empty.add((player.candidate, key, repetition))

    def pop_empty(self, player: Player, key: str, repetition: int) -> bool:
        """Whether the answer before was empty; forgets it."""
        place = (player.candidate, key, repetition)
        was_empty = place in self._empty
        self._empty.discard(place)
        return was_empty
