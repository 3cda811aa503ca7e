import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from routelab.grading import grade_text
from routelab.llm.simulated import Cast, Player, true_accuracy
from routelab.llm.simulated.replies import Reply
from routelab.llm.simulated.solving import LOOK_AROUND, malformed, script, solve
from routelab.records import Candidate, DeciderCase, Solution

Task = Callable[..., DeciderCase]
MakePlayer = Callable[..., Player]
IN_WORKSPACE: dict[str, Any] = {
    "workspace": "workspaces/greeting",
    "check": {"kind": "files", "files": {"greeting.txt": "hello world"}},
    "solution": {"commands": "printf 'hello world\\n' > greeting.txt"},
    "distractors": [
        {"commands": "printf 'hello\\n' > greeting.txt"},
        {"patch": "--- a/greeting.txt\n+++ b/greeting.txt\n@@ -1 +1 @@\n-hi\n+hi world\n"},
        {"answer": "It already says hello world."},
    ],
}


def text_of(player: Player, case: DeciderCase, repetition: int = 1, *, again: bool = False) -> str:
    return solve(player, case, repetition, commands_run=0, has_shell=False, asked_again=again).text


def play(player: Player, case: DeciderCase, folder: Path, repetition: int = 1) -> tuple[list[str], Reply]:
    """Let the model work in a folder that holds the file greeting.txt with the text "hi"."""
    (folder / "greeting.txt").write_text("hi\n")
    commands: list[str] = []
    while True:
        reply = solve(player, case, repetition, commands_run=len(commands), has_shell=True, asked_again=bool(commands))
        if reply.command is None:
            return commands, reply
        assert reply.finish_reason == "tool_calls"
        subprocess.run(["sh", "-c", reply.command], cwd=folder, check=True, capture_output=True)
        commands.append(reply.command)


def test_a_skilled_model_gives_the_golden_answer(make_player: MakePlayer, make_task: Task) -> None:
    reply = solve(make_player(), make_task(), 1, commands_run=0, has_shell=True, asked_again=False)
    assert reply == Reply("137")


def test_an_unskilled_model_gives_different_wrong_answers(make_player: MakePlayer, make_task: Task) -> None:
    player = make_player(skill={"default": 0.0})
    texts = {text_of(player, make_task(), repetition) for repetition in range(1, 30)}
    assert texts == {"1", "139", "143"}


def test_a_model_at_a_loss_fails_the_check(make_player: MakePlayer, make_task: Task) -> None:
    case = make_task(distractors=[])
    answer = text_of(make_player(skill={"default": 0.0}), case)
    assert answer
    assert not grade_text(case.check, answer)


def test_the_true_accuracy_is_what_is_found(make_cast: Callable[..., Cast], make_task: Task) -> None:
    cast = make_cast(
        skill={"default": 0.7, "planning": 0.9},
        difficulty={"high": -0.2},
        shares={"malformed": 0.1, "empty": 0.2, "truncated": 0.1},
        repaired=0.5,
    )
    routes = ("debugging/bug_fixing", "planning/design")
    cases = [make_task(n, route=routes[n % 2], difficulty=("medium", "high")[n // 2 % 2]) for n in range(6000)]
    candidate = Candidate("sim/one")
    player = cast.player(candidate)
    found: dict[str, list[bool]] = {route: [] for route in routes}
    for case in cases:
        answer = text_of(player, case) or text_of(player, case, again=True)
        found[case.route].append(grade_text(case.check, answer))
    truth = true_accuracy(cast, candidate, cases)
    assert truth == pytest.approx({routes[0]: 0.6 * 0.7, routes[1]: 0.8 * 0.7})
    assert {route: fmean(passed) for route, passed in found.items()} == pytest.approx(truth, abs=0.03)


def test_repetitions_of_a_case_are_alike(make_player: MakePlayer, make_task: Task) -> None:
    player = make_player(skill={"default": 0.5})
    pairs = [[text_of(player, make_task(n), repetition) == "137" for repetition in (1, 2)] for n in range(2000)]
    agree = fmean(first == second for first, second in pairs)
    assert agree == pytest.approx(0.5 + 0.5 / 4, abs=0.03)  # 1/4 is the correlation at concentration 3


def test_a_malformed_answer_talks_and_fails(make_player: MakePlayer, make_task: Task) -> None:
    case = make_task()
    answer = text_of(make_player(shares={"malformed": 1.0}), case)
    assert answer == malformed(case)
    assert not grade_text(case.check, answer)


def test_a_malformed_answer_that_passes_by_luck_counts_as_true(make_cast: Callable[..., Cast], make_task: Task) -> None:
    lenient = make_task(check={"kind": "regex", "pattern": "sorry", "flags": "i"})
    cast = make_cast(shares={"malformed": 0.4}, skill={"default": 0.5})
    assert true_accuracy(cast, Candidate("sim/one"), [lenient]) == {lenient.route: pytest.approx(0.6 * 0.5 + 0.4)}


def test_a_truncated_answer_is_half_and_says_so(make_player: MakePlayer, make_task: Task) -> None:
    case = make_task(solution={"answer": "0123456789"})
    reply = solve(make_player(shares={"truncated": 1.0}), case, 1, commands_run=0, has_shell=False, asked_again=False)
    assert reply == Reply("01234", finish_reason="length")


def test_half_of_the_empty_answers_stay_empty(make_player: MakePlayer, make_task: Task) -> None:
    player = make_player(shares={"empty": 1.0}, repaired=0.5)
    cases = [make_task(n) for n in range(200)]
    assert {text_of(player, case) for case in cases} == {""}
    retried = [text_of(player, case, again=True) for case in cases]
    assert set(retried) == {"", "137"}
    assert 70 < retried.count("") < 130


def test_the_golden_solution_is_played_through_the_shell(
    make_player: MakePlayer, make_task: Task, tmp_path: Path
) -> None:
    commands, reply = play(make_player(), make_task(**IN_WORKSPACE), tmp_path)
    assert commands[0] == LOOK_AROUND
    assert len(commands) == 2
    assert reply == Reply("Done.")
    assert (tmp_path / "greeting.txt").read_text() == "hello world\n"


def test_wrong_solutions_are_played_too(make_player: MakePlayer, make_task: Task, tmp_path: Path) -> None:
    player = make_player(skill={"default": 0.0})
    left, said = set(), set()
    for repetition in range(1, 30):
        _, reply = play(player, make_task(**IN_WORKSPACE), tmp_path, repetition)
        left.add((tmp_path / "greeting.txt").read_text())
        said.add(reply.text)
    assert left == {"hello\n", "hi world\n", "hi\n"}
    assert said == {"Done.", "It already says hello world."}


def test_without_a_shell_the_model_can_only_talk(make_player: MakePlayer, make_task: Task) -> None:
    assert text_of(make_player(), make_task(**IN_WORKSPACE)) == "Done."


def test_a_message_the_check_reads_is_said_at_the_end(make_player: MakePlayer, make_task: Task, tmp_path: Path) -> None:
    solution = {"commands": "echo mended > greeting.txt", "answer": "mended"}
    _, reply = play(make_player(), make_task(**{**IN_WORKSPACE, "solution": solution}), tmp_path)
    assert reply == Reply("mended")


@pytest.mark.parametrize("share", ["malformed", "empty", "truncated"])
def test_a_spoilt_answer_never_touches_the_workspace(make_player: MakePlayer, make_task: Task, share: str) -> None:
    player = make_player(shares={share: 1.0}, repaired=0.0)
    for again in (False, True):
        reply = solve(player, make_task(**IN_WORKSPACE), 1, commands_run=0, has_shell=True, asked_again=again)
        assert reply.command is None


def test_a_patch_may_hold_the_delimiter_itself(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("old\n")
    patch = "--- a/notes.txt\n+++ b/notes.txt\n@@ -1 +1,2 @@\n-old\n+$HOME `new`\n+END_OF_PATCH"
    [command] = script(Solution(patch=patch))
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "notes.txt").read_text() == "$HOME `new`\nEND_OF_PATCH\n"


def test_a_patch_comes_before_commands(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("old\n")
    patch = "--- a/notes.txt\n+++ b/notes.txt\n@@ -1 +1 @@\n-old\n+new\n"
    [command] = script(Solution(patch=patch, commands="cat notes.txt > copy.txt"))
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "copy.txt").read_text() == "new\n"
