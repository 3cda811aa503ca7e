import pytest

from routelab.grading import commands_of, grade_files, needs_workspace
from routelab.records import AllOf, Check, CommandCheck, Exact, FilesCheck

COMMAND = CommandCheck("true")
FILES = FilesCheck({"a.txt": "text"})


@pytest.mark.parametrize(
    ("check", "needed"),
    [
        (Exact("x"), False),
        (COMMAND, True),
        (FILES, True),
        (AllOf([Exact("x"), Exact("y")]), False),
        (AllOf([Exact("x"), AllOf([Exact("y"), FILES])]), True),
    ],
)
def test_which_checks_need_a_workspace(check: Check, needed: bool) -> None:
    assert needs_workspace(check) is needed


def test_commands_are_found_in_order_at_any_depth() -> None:
    first, second = CommandCheck("one"), CommandCheck("two", hidden="h")
    assert list(commands_of(AllOf([first, FILES, AllOf([Exact("x"), second])]))) == [first, second]
    assert list(commands_of(COMMAND)) == [COMMAND]
    assert list(commands_of(Exact("x"))) == []


def test_files_are_compared_apart_from_outer_white_space() -> None:
    check = FilesCheck({"a": "one\ntwo", "gone": None})
    assert grade_files(check, {"a": "\none\ntwo\n", "gone": None})
    assert grade_files(check, {"a": "one\ntwo"})
    assert not grade_files(check, {"a": "one two"})
    assert not grade_files(check, {"a": None})
    assert not grade_files(check, {})
    assert not grade_files(check, {"a": "one\ntwo", "gone": ""})


def test_an_empty_file_is_not_a_missing_one() -> None:
    assert grade_files(FilesCheck({"a": ""}), {"a": " \n"})
    assert not grade_files(FilesCheck({"a": ""}), {"a": None})
