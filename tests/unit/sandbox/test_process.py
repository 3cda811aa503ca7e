"""The process sandbox, with real processes."""

import asyncio
import os
import resource
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from routelab.errors import SandboxError
from routelab.sandbox import ProcessSandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[ProcessSandbox]:
    made = ProcessSandbox()
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("first\n")
    (folder / "sub/b.txt").write_text("second\n")
    return folder


async def run(sandbox: ProcessSandbox, command: str, timeout_s: float = 10) -> str:
    result = await sandbox.run(command, timeout_s=timeout_s)
    assert result.exit_code == 0, result.output
    return result.output


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # also while it is read
        return False


async def ends(pid: int) -> bool:
    for _ in range(100):
        if not is_alive(pid):
            return True
        await asyncio.sleep(0.01)
    return False


async def test_output_and_exit_code(sandbox: ProcessSandbox) -> None:
    result = await sandbox.run("echo out; echo err >&2; exit 3", timeout_s=10)
    assert (result.exit_code, result.output, result.timed_out) == (3, "out\nerr\n", False)
    killed = await sandbox.run("kill -9 $$", timeout_s=10)
    assert (killed.exit_code, killed.timed_out) == (-9, False)


async def test_only_a_short_list_of_variables_gets_in(sandbox: ProcessSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTELAB_API_KEY", "sk-0123456789abcdef")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    names = {line.partition("=")[0] for line in (await run(sandbox, "env")).splitlines()}
    python = {"PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE"}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {"PATH", "HOME", "TMPDIR", "LANG", *python}
    home, temporary = (await run(sandbox, 'echo "$HOME"; echo "$TMPDIR"')).split()
    assert {Path(home).parent, Path(temporary).parent} == {Path((await run(sandbox, "pwd")).strip()).parent}


async def test_standard_input_is_empty_or_what_is_given(sandbox: ProcessSandbox) -> None:
    assert await run(sandbox, "cat") == ""
    fed = await sandbox.run("wc -c", timeout_s=10, stdin=b"x" * 300_000)
    assert fed.output.strip() == "300000"
    unread = await sandbox.run("exit 0", timeout_s=10, stdin=b"x" * 3_000_000)
    assert unread.exit_code == 0


async def test_the_deadline_kills_the_whole_group(sandbox: ProcessSandbox) -> None:
    command = "sleep 60 & echo $!; (sleep 60 & echo $!; wait) & wait"
    started = time.perf_counter()
    result = await sandbox.run(command, timeout_s=0.5)
    assert time.perf_counter() - started < 4
    assert (result.exit_code, result.timed_out) == (None, True)
    children = [int(line) for line in result.output.split()]
    assert len(children) == 2
    assert all([await ends(pid) for pid in children])


async def test_what_a_command_leaves_behind_ends_with_it(sandbox: ProcessSandbox) -> None:
    child = int((await run(sandbox, "sleep 60 >/dev/null 2>&1 & echo $!")).strip())
    assert await ends(child)


async def test_a_stray_child_that_holds_the_pipe_does_not_hang(
    sandbox: ProcessSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routelab.sandbox.process._DRAIN_S", 0.3)
    started = time.perf_counter()
    result = await sandbox.run("setsid sleep 30 & echo $!; exit 0", timeout_s=20)
    assert time.perf_counter() - started < 3
    assert (result.exit_code, result.timed_out) == (0, False)
    with suppress(ProcessLookupError):
        os.kill(int(result.output), signal.SIGKILL)


async def test_a_command_that_is_cancelled_is_killed(sandbox: ProcessSandbox) -> None:
    task = asyncio.create_task(sandbox.run("echo $$ > pid; exec sleep 60", timeout_s=60))
    while not (text := await sandbox.read("pid")):  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await ends(int(text))


async def test_huge_output_is_bounded_and_its_middle_cut_out(sandbox: ProcessSandbox) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    output = await run(sandbox, "echo first; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo last", timeout_s=60)
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert len(output) < 70_000
    assert output.startswith("first\nx")
    assert output.endswith("x\nlast\n")
    assert "bytes cut out" in output
    assert grown_mb < 50


async def test_output_that_is_no_text_is_read_all_the_same(sandbox: ProcessSandbox) -> None:
    assert await run(sandbox, "printf 'a\\377b'") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("command", ["echo \x00", "echo \ud800", "echo " + "x" * 200_000])
async def test_what_cannot_be_started_is_no_failure_of_the_place(sandbox: ProcessSandbox, command: str) -> None:
    result = await sandbox.run(command, timeout_s=10)
    assert (result.exit_code, result.timed_out) == (126, False)
    assert result.output.startswith("sh: ")


async def test_the_workspace_is_a_copy(sandbox: ProcessSandbox, source: Path) -> None:
    await sandbox.reset(source)
    assert await run(sandbox, "cat a.txt sub/b.txt; echo changed > a.txt") == "first\nsecond\n"
    assert (source / "a.txt").read_text() == "first\n"


async def test_reset_wipes_workspace_home_and_temporary_files(sandbox: ProcessSandbox, source: Path) -> None:
    await sandbox.reset(source)
    await run(sandbox, 'touch new "$HOME/.profile" "$TMPDIR/left"; rm a.txt')
    await sandbox.reset(source)
    listed = await run(sandbox, 'ls -A . "$HOME" "$TMPDIR"')
    assert "new" not in listed
    assert "profile" not in listed
    assert "left" not in listed
    assert await sandbox.read("a.txt") == "first\n"
    await sandbox.reset(None)
    assert await run(sandbox, "ls -A") == ""


async def test_reset_and_close_cope_with_permissions_that_were_taken_away(
    sandbox: ProcessSandbox, source: Path
) -> None:
    await run(sandbox, 'mkdir -p deep/er "$HOME/go"; touch deep/er/f "$HOME/go/f"; chmod -R a-rwx deep "$HOME/go"')
    await sandbox.reset(source)
    assert sorted((await run(sandbox, "ls -A")).split()) == ["a.txt", "sub"]


async def test_a_workspace_that_is_not_there_is_a_sandbox_error(sandbox: ProcessSandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="cannot prepare the workspace"):
        await sandbox.reset(tmp_path / "nowhere")
    with pytest.raises(SandboxError, match="cannot lay nowhere into the workspace"):
        await sandbox.lay_in(tmp_path / "nowhere")


async def test_files_are_read_from_inside_only(sandbox: ProcessSandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    await run(sandbox, f"echo inside > plain; ln -s plain link; ln -s {secret} out; ln -s {tmp_path} folder; mkdir d")
    assert await sandbox.read("plain") == "inside\n"
    assert await sandbox.read("link") == "inside\n"
    for path in ("out", "folder/secret.txt", f"../{secret.name}", str(secret), "d", "missing", "plain/x"):
        assert await sandbox.read(path) is None


async def test_odd_files_neither_hang_nor_flood(sandbox: ProcessSandbox) -> None:
    await run(sandbox, "mkfifo pipe; ln -s loop loop; head -c 50000000 /dev/zero > big; ln -s /dev/zero zero")
    async with asyncio.timeout(5):
        assert await sandbox.read("pipe") is None
        assert await sandbox.read("loop") is None
        assert await sandbox.read("zero") is None
        assert len(await sandbox.read("big") or "") == 4_000_000


async def test_hidden_files_replace_whatever_stands_in_their_way(
    sandbox: ProcessSandbox, source: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    await run(sandbox, f"ln -s {outside} sub; ln -s {outside}/kept.txt a.txt; echo mine > own.txt")
    await sandbox.lay_in(source)
    assert await sandbox.read("a.txt") == "first\n"
    assert await sandbox.read("sub/b.txt") == "second\n"
    assert await sandbox.read("own.txt") == "mine\n"
    assert [item.name for item in outside.iterdir()] == ["kept.txt"]
    assert (outside / "kept.txt").read_text() == "kept"


@pytest.mark.parametrize("obstacle", ["mkdir a.txt; touch a.txt/x; touch sub", "touch a.txt sub/b.txt; chmod 0 a.txt"])
async def test_hidden_files_replace_files_of_another_kind(sandbox: ProcessSandbox, source: Path, obstacle: str) -> None:
    await sandbox.run(obstacle, timeout_s=10)
    await sandbox.lay_in(source)
    assert await run(sandbox, "cat a.txt sub/b.txt") == "first\nsecond\n"


async def test_a_setup_runs_in_the_filled_workspace(sandbox: ProcessSandbox, source: Path) -> None:
    await sandbox.reset(source, setup=b"cat a.txt > copy; cat > rest\n")
    assert await run(sandbox, "cat copy rest") == "first\n"


async def test_a_setup_that_fails_says_why(sandbox: ProcessSandbox, source: Path) -> None:
    with pytest.raises(SandboxError, match="the setup of the workspace failed: no compiler here"):
        await sandbox.reset(source, setup=b"echo no compiler here; exit 3\n")


async def test_a_command_finds_what_was_laid_over_the_workspace(sandbox: ProcessSandbox, source: Path) -> None:
    await run(sandbox, "echo mine > own.txt; echo old > a.txt")
    done = await sandbox.run("cat a.txt own.txt -; exit 7", timeout_s=10, stdin=b"input\n", over=source)
    assert (done.exit_code, done.output) == (7, "first\nmine\ninput\n")


async def test_nothing_works_before_the_start_and_nothing_is_left_after_the_end() -> None:
    sandbox = ProcessSandbox()
    with pytest.raises(SandboxError, match="was not started"):
        await sandbox.run("true", timeout_s=1)
    await sandbox.close()
    await sandbox.start()
    place = Path((await run(sandbox, "pwd")).strip())
    await sandbox.close()
    assert place.parent.name not in os.listdir(tempfile.gettempdir())  # noqa: PTH208


async def test_a_place_that_cannot_be_made_is_a_sandbox_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    with pytest.raises(SandboxError, match="cannot make a temporary folder"):
        await ProcessSandbox().start()
