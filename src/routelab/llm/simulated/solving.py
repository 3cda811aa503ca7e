"""How a simulated model answers a decider case."""

from routelab.llm.simulated.cast import Player
from routelab.llm.simulated.draws import chance_of_case, seeded
from routelab.llm.simulated.replies import Reply, truncated
from routelab.llm.simulated.spoiling import is_repaired, spoilt
from routelab.records import DeciderCase, Solution

LOOK_AROUND = "ls -la"
DONE = "Done."
_AT_A_LOSS = Solution(answer="I could not find out.")


def solve(
    player: Player,
    case: DeciderCase,
    repetition: int,
    *,
    commands_run: int,
    has_shell: bool,
    asked_again: bool,
) -> Reply:
    """The model's next message about the case, `commands_run` shell commands after the prompt.

    A spoilt answer is given at once and never touches the workspace. An empty one may become the
    real one when it is asked for again.
    """
    chosen = _choose(player, case, repetition)
    fault = spoilt(player, case.id, repetition)
    if fault == "malformed":
        return Reply(malformed(case))
    if fault == "truncated":
        return truncated(chosen.answer or DONE)
    if fault == "empty" and not (asked_again and is_repaired(player, case.id, repetition)):
        return Reply()
    if case.workspace is not None and has_shell:
        commands = [LOOK_AROUND, *script(chosen)]
        if commands_run < len(commands):
            return Reply(command=commands[commands_run], finish_reason="tool_calls")
    return Reply(chosen.answer or DONE)


def wrong_solutions(case: DeciderCase) -> list[Solution]:
    """What a model may hand in when it fails: one of the distractors that fit the kind of case."""
    fitting = [one for one in case.distractors if case.workspace is not None or one.answer is not None]
    return fitting or [_AT_A_LOSS]


def malformed(case: DeciderCase) -> str:
    """Prose around a wrong answer; it fails every check that the wrong answer fails."""
    guess = wrong_solutions(case)[0].answer or "nothing yet"
    return f"Sorry, I am not sure in which form you want this. I would say: {guess} ... but please look again."


def script(solution: Solution) -> list[str]:
    """The shell command that carries a solution out; empty when it consists of an answer only."""
    parts = []
    if solution.patch is not None:
        parts.append(_patch_command(solution.patch))
    if solution.commands is not None:
        parts.append(solution.commands)
    return ["\n".join(parts)] if parts else []


def _patch_command(patch: str) -> str:
    delimiter = "END_OF_PATCH"
    while delimiter in patch:
        delimiter += "_"
    body = patch if patch.endswith("\n") else f"{patch}\n"
    return f"patch -p1 <<'{delimiter}'\n{body}{delimiter}"


def _choose(player: Player, case: DeciderCase, repetition: int) -> Solution:
    chance = chance_of_case(player.skill(case), player.concentration, seeded(player.candidate, case.id, "chance"))
    rng = seeded(player.candidate, case.id, "answer", repetition)
    return case.solution if rng.random() < chance else rng.choice(wrong_solutions(case))
