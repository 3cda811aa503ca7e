"""Proving that decider cases are sound: what must pass passes, what must fail fails."""

import asyncio
import json
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from routelab.bench.decider_cases import prepare_workspace
from routelab.bench.grade import passes
from routelab.errors import SandboxError
from routelab.grading import grade_text
from routelab.records import DeciderCase, Solution
from routelab.sandbox import ProcessSandbox, Sandbox

_PLAY_TIMEOUT_S = 120.0


class Verdict(Struct, frozen=True):
    """What was proved of one case; `faults` is empty when all of it holds.

    `distractors` were played and failed; `proof` says how the golden answer was verified. `seconds`
    is the wall time of the slowest check, which every attempt will pay.
    """

    case_id: str
    route: str
    workspace: bool
    distractors: int
    proof: str
    seconds: float
    faults: tuple[str, ...]


async def verify(
    cases: Sequence[DeciderCase],
    folder: Path,
    *,
    parallel: int,
    on_verdict: Callable[[Verdict], None] = lambda _: None,
) -> list[Verdict]:
    """Verify cases in process sandboxes, `parallel` at a time; verdicts in the order of the cases.

    For each case the golden solution passes its check, an empty answer in the untouched workspace
    fails it, every distractor fails it, and a proof by code prints the golden answer.
    """
    slots = asyncio.Semaphore(parallel)

    async def one(case: DeciderCase) -> Verdict:
        async with slots:
            verdict = await _verify_case(case, folder)
        on_verdict(verdict)
        return verdict

    return list(await asyncio.gather(*(one(case) for case in cases)))


async def _verify_case(case: DeciderCase, folder: Path) -> Verdict:
    sandbox = ProcessSandbox()
    await sandbox.start()
    faults: list[str] = []
    slowest = 0.0
    try:
        plays = [("the solution", case.solution, True), ("an empty answer", None, False)]
        plays += [(f"distractor {n}", item, False) for n, item in enumerate(case.distractors, start=1)]
        for name, solution, expected in plays:
            try:
                passed, seconds = await _play(case, folder, sandbox, solution)
            except SandboxError as error:
                faults.append(f"{name}: {error}")
                continue
            slowest = max(slowest, seconds)
            if passed is not expected:
                faults.append(f"{name} {'passes' if passed else 'fails'} the check")
        faults += await _proof_faults(case, folder, sandbox)
    finally:
        await sandbox.close()
    return Verdict(
        case.id, case.route, case.workspace is not None, len(case.distractors), case.proof.kind, slowest, tuple(faults)
    )


async def _play(case: DeciderCase, folder: Path, sandbox: Sandbox, solution: Solution | None) -> tuple[bool, float]:
    """Whether the check passes after a solution (None: nothing done), and how long the check took."""
    place = sandbox if case.workspace is not None else None
    if place is not None:
        await prepare_workspace(case, folder, place)
        for script in _scripts(solution):
            result = await place.run(script, timeout_s=_PLAY_TIMEOUT_S)
            if result.timed_out:
                raise SandboxError(f"does not end within {_PLAY_TIMEOUT_S:g} s")
    message = (solution.answer or "Done.") if solution is not None else ""
    began = time.perf_counter()
    passed = await passes(case.check, message, place, folder)
    return passed, time.perf_counter() - began


def _scripts(solution: Solution | None) -> list[str]:
    if solution is None:
        return []
    patch = f"printf %s {shlex.quote(solution.patch)} | patch -s -p1" if solution.patch else None
    return [script for script in (patch, solution.commands) if script is not None]


async def _proof_faults(case: DeciderCase, folder: Path, sandbox: Sandbox) -> list[str]:
    if case.proof.code is None:
        return []
    if case.workspace is not None:
        await prepare_workspace(case, folder, sandbox)
    else:
        await sandbox.reset(None)
    result = await sandbox.run(
        f"{shlex.quote(sys.executable)} -I -", timeout_s=_PLAY_TIMEOUT_S, stdin=case.proof.code.encode()
    )
    if result.exit_code != 0:
        return [f"the proof fails: {result.output.strip()[-200:]}"]
    printed = result.output.strip()
    if not _is_golden(case, printed):
        return [f"the proof prints {printed[:80]!r}, which is not the golden answer"]
    return []


def _is_golden(case: DeciderCase, printed: str) -> bool:
    answer = case.solution.answer
    if answer is None:
        return True  # what the code printed was its own check; its exit code said so
    try:
        value = json.loads(answer)
    except ValueError:
        return grade_text({"kind": "exact", "value": answer}, printed)
    return grade_text({"kind": "json_equal", "value": value}, printed)
