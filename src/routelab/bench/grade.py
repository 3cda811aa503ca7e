"""Grading one decider case: the message, and the workspace inside the sandbox."""

from pathlib import Path

from routelab.grading import grade_files, grade_text
from routelab.records import AllOf, Check, CommandCheck, FilesCheck
from routelab.sandbox import Sandbox

CHECK_TIMEOUT_S = 120.0


async def passes(check: Check, message: str, sandbox: Sandbox | None, folder: Path) -> bool:
    """Whether a finished case passes its check.

    `folder` is the dataset's, where hidden folders lie; `sandbox` None means that the case has no
    workspace. A check command that runs into its deadline has not passed. Raises SandboxError.
    """
    if isinstance(check, AllOf):
        for part in check.checks:
            if not await passes(part, message, sandbox, folder):
                return False
        return True
    if isinstance(check, FilesCheck) and sandbox is not None:
        return grade_files(check, {path: await sandbox.read(path) for path in check.files})
    if isinstance(check, CommandCheck) and sandbox is not None:
        hidden = None if check.hidden is None else folder / check.hidden
        result = await sandbox.run(check.command, timeout_s=CHECK_TIMEOUT_S, over=hidden)
        return result.exit_code == 0
    return grade_text(check, message)
