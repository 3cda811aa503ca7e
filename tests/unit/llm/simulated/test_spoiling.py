from collections import Counter
from collections.abc import Callable

import pytest

from routelab.llm.simulated import Player
from routelab.llm.simulated.spoiling import Pending, is_repaired, refusal, spoilt


def test_shares_of_spoilt_answers_are_kept(make_player: Callable[..., Player]) -> None:
    player = make_player(shares={"malformed": 0.1, "empty": 0.2, "truncated": 0.3}, repaired=0.25)
    seen = Counter(spoilt(player, f"case-{n}", 1) for n in range(4000))
    shares = [seen[name] / 4000 for name in ("malformed", "empty", "truncated", None)]
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.025)
    assert sum(is_repaired(player, f"case-{n}", 1) for n in range(4000)) / 4000 == pytest.approx(0.25, abs=0.025)


def test_one_or_two_calls_are_refused(make_player: Callable[..., Player]) -> None:
    player = make_player(shares={"rate_limited": 0.5, "failed": 0.5})
    planned = [refusal(player, f"case-{n}", 1) for n in range(200)]
    kinds = Counter((one.kind, one.calls) for one in planned if one)
    assert set(kinds) == {("rate_limited", 1), ("rate_limited", 2), ("failed", 1), ("failed", 2)}
    assert sum(kinds.values()) == 200


def test_refusals_come_first_and_again_in_the_next_run(make_player: Callable[..., Player]) -> None:
    player = make_player(shares={"rate_limited": 1.0})
    planned = refusal(player, "case-a", 1)
    assert planned is not None
    pending = Pending()
    run = [*[planned] * planned.calls, None]
    assert [pending.refuse(player, "case-a", 1) for _ in range(2 * len(run))] == [*run, *run]


def test_an_empty_answer_is_remembered_once(make_player: Callable[..., Player]) -> None:
    player = make_player()
    pending = Pending()
    pending.note_empty(player, "case-a", 1)
    assert not pending.pop_empty(player, "case-a", 2)
    assert pending.pop_empty(player, "case-a", 1)
    assert not pending.pop_empty(player, "case-a", 1)
