"""What can be wrong with one case, as far as reading it shows."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from routelab.datasets.hygiene import can_backtrack_badly, dirt
from routelab.grading import commands_of, grade_text, needs_workspace
from routelab.records import AllOf, Check, ClassifierCase, DeciderCase, Regex
from routelab.taxonomy import Taxonomy

MIN_DISTRACTORS = 2


def faults_of(case: ClassifierCase | DeciderCase, folder: Path, taxonomy: Taxonomy) -> Iterator[str]:
    """Every fault of a case, as `field: what is wrong`; `folder` is where the dataset lies."""
    if isinstance(case, DeciderCase):
        yield from _decider_faults(folder, case, taxonomy)
    else:
        yield from _classifier_faults(case, taxonomy)


def _classifier_faults(case: ClassifierCase, taxonomy: Taxonomy) -> Iterator[str]:
    for field in taxonomy.misfits(msgspec.structs.asdict(case.expected)):
        yield f"expected.{field}: {getattr(case.expected, field)!r} is not in the taxonomy"
    if case.expected.fallback:
        yield "expected.fallback: a golden answer is no fallback"
    request = case.input
    for field in ("system_prompt_prefix", "user_prompt_prefix", "latest_user_prompt_prefix"):
        yield from (f"input.{field}: {fault}" for fault in dirt(getattr(request, field) or ""))
    if request.latest_user_prompt_prefix is not None:
        if request.latest_user_prompt_prefix == request.user_prompt_prefix:
            yield "input.latest_user_prompt_prefix: must be null when it equals the first"
        if request.message_count < 2:
            yield "input.message_count: a second user prompt needs at least 2 messages"


def _decider_faults(folder: Path, case: DeciderCase, taxonomy: Taxonomy) -> Iterator[str]:
    if case.route not in taxonomy.routes:
        yield f"route: {case.route!r} is not in the taxonomy"
    for field in ("system_prompt", "user_prompt"):
        yield from (f"{field}: {fault}" for fault in dirt(getattr(case, field) or ""))
    if any(can_backtrack_badly(check.compiled()) for check in _regexes(case.check)):
        yield "check.pattern: one repetition without bound holds another, which may never end"
    if len(case.distractors) < MIN_DISTRACTORS:
        yield f"distractors: {len(case.distractors)} given; at least {MIN_DISTRACTORS} are needed"
    if not needs_workspace(case.check):
        yield from _answer_faults(case)
    elif case.workspace is None:
        yield "check: looks at a workspace, but the case has none"
    if case.workspace is not None and not (folder / case.workspace).is_dir():
        yield f"workspace: no folder {case.workspace}"
    if case.setup is not None and not (folder / case.setup).is_file():
        yield f"setup: no file {case.setup}"
    for check in commands_of(case.check):
        if check.hidden is not None and not (folder / check.hidden).is_dir():
            yield f"check.hidden: no folder {check.hidden}"


def _answer_faults(case: DeciderCase) -> Iterator[str]:
    if case.solution.answer is None:
        yield "solution.answer: a check of the message needs one"
    elif not grade_text(case.check, case.solution.answer):
        yield "solution.answer: fails the check"
    for number, distractor in enumerate(case.distractors, start=1):
        if distractor.answer is None:
            yield f"distractors: number {number} has no answer, which is all the check looks at"
        elif grade_text(case.check, distractor.answer):
            yield f"distractors: number {number} passes the check"
    for text, name in (("", "an empty answer"), (case.user_prompt, "an echo of the prompt")):
        if grade_text(case.check, text):
            yield f"check: {name} passes"


def _regexes(check: Check) -> Iterator[Regex]:
    if isinstance(check, Regex):
        yield check
    elif isinstance(check, AllOf):
        for part in check.checks:
            yield from _regexes(part)
