"""Which parts of a check look at the workspace, and the pure grading of its files."""

from collections.abc import Iterator, Mapping

from routelab.records import AllOf, Check, CommandCheck, FilesCheck


def needs_workspace(check: Check) -> bool:
    """Whether the check, or a part of it, looks at the workspace."""
    if isinstance(check, AllOf):
        return any(needs_workspace(part) for part in check.checks)
    return isinstance(check, CommandCheck | FilesCheck)


def commands_of(check: Check) -> Iterator[CommandCheck]:
    """The command checks within a check, in order."""
    if isinstance(check, CommandCheck):
        yield check
    elif isinstance(check, AllOf):
        for part in check.checks:
            yield from commands_of(part)


def grade_files(check: FilesCheck, found: Mapping[str, str | None]) -> bool:
    """Whether the texts found (path to text, None for a file that is not there) are the expected ones."""
    return all(_same_text(want, found.get(path)) for path, want in check.files.items())


def _same_text(want: str | None, got: str | None) -> bool:
    if want is None or got is None:
        return want is got
    return want.strip() == got.strip()
